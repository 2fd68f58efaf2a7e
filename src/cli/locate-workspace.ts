import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Owner } from "../host/write-in-folder.ts";
import { insidePaths, type SandboxMount } from "../sandbox/sandbox-mount.ts";
import { chooseSandboxUser } from "../sandbox/sandbox-user.ts";
import type { Scope } from "../sandbox/scope.ts";
import { scopeFolder } from "../sandbox/scope-folder.ts";
import { scopeWords } from "../sandbox/scope-words.ts";
import type { CommandContext } from "./command.ts";
import { locateSandboxes } from "./locate-sandboxes.ts";
import { requireScope } from "./read-scope.ts";
import type { workspacePutOptions } from "./workspace-options.ts";

/** A scope's folders, as its sandbox sees them. */
export interface LocatedWorkspace {
  readonly scope: Scope;
  /** As one would type it. */
  readonly scopeWords: readonly string[];
  readonly workspaceDir: string;
  readonly mounts: readonly SandboxMount[];
  /** Null: files that this process makes are its own user's. */
  readonly owner: Owner | null;
}

/** Finds the workspace that options name. Throws `INPUT_INVALID` where the scope has none yet. */
export function locateWorkspace(context: CommandContext<typeof workspacePutOptions>): LocatedWorkspace {
  const { options, cwd } = context;
  const scope = requireScope(context);
  const folder = scopeFolder(locateSandboxes(context, options.workspaceRoot, scope).workspaceRoot, scope);
  const agents = options.agentWorkspace === null ? null : resolve(cwd, options.agentWorkspace);
  const workspaceDir = agents ?? folder.workspaceDir;
  if (!existsSync(workspaceDir)) throw missing(workspaceDir);
  const skills =
    agents === null
      ? mount(`${folder.workspaceDir}/skills`, insidePaths.skills, "skills")
      : mount(folder.skillsDir, insidePaths.reservedSkills, "skills");
  const inner = [skills, mount(folder.homeDir, insidePaths.home, "home")];
  return {
    scope,
    scopeWords: scopeWords(scope),
    workspaceDir,
    mounts: [
      mount(workspaceDir, insidePaths.workspace, "workspace"),
      ...inner.filter(({ source }) => existsSync(source)),
    ],
    // Only root makes files for others.
    owner: process.geteuid?.() === 0 ? chooseSandboxUser(workspaceDir, { uid: 0, gid: 0 }) : null,
  };
}

function mount(source: string, target: string, purpose: SandboxMount["purpose"]): SandboxMount {
  return { source, target, readOnly: purpose === "skills", purpose };
}

function missing(dir: string): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", `There is no workspace ${quoteValue(dir)}.`, {
    hint: "A sandbox's workspace is made when it is first used. Look at the scope, and at --workspace-root.",
  });
}
