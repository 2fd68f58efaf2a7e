import { connectEngine } from "../../engine/connect/connect-engine.ts";
import { formatMirror } from "../../report/format-mirror.ts";
import { chooseSkills, type SandboxFacts } from "../../sandbox/choose-skills.ts";
import { mirrorSkills } from "../../sandbox/mirror-skills.ts";
import { chooseSandboxUser } from "../../sandbox/sandbox-user.ts";
import type { Scope } from "../../sandbox/scope.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { readSecretFile } from "../../sandbox/secrets/secret-file.ts";
import { listPrograms } from "../../source/list-programs.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { mirrorOptions } from "../command-options.ts";
import { locateSandboxes, type Sandboxes } from "../locate-sandboxes.ts";
import { locateSkillSources, type SkillSources } from "../locate-skill-sources.ts";
import { readImageBins } from "../read-image-bins.ts";
import { requireScope } from "../read-scope.ts";

/** Mirrors a scope's skills, and tells how they look inside and why others are not there. */
export async function mirror(context: CommandContext<typeof mirrorOptions>): Promise<CommandOutput> {
  const { options, signal } = context;
  const scope = requireScope(context);
  const sandboxes = locateSandboxes(context, options.workspaceRoot, scope);
  const located = locateSkillSources(scope, sandboxes, options, context);
  const workspaceAccess = options.workspaceAccess ?? located.workspaceAccess;
  const { workspaceDir } = scopeFolder(sandboxes.workspaceRoot, scope);
  const mirrored = await mirrorSkills({
    scope,
    workspaceRoot: sandboxes.workspaceRoot,
    workspaceAccess,
    sources: located.sources,
    choice: {
      textPolicy: options.textPolicy ?? "warn",
      names: options.skill.length > 0 ? options.skill : located.names,
      facts:
        options.image === null ? null : await readFacts(options.image, scope, sandboxes, located, context),
    },
    sandboxUser: chooseSandboxUser(
      workspaceAccess === "rw" ? (located.sources.workspaceDir ?? workspaceDir) : workspaceDir,
      { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 },
    ),
    adopt: options.adopt,
    signal,
  });
  const { diagnostics, ...result } = mirrored;
  return {
    outcome: mirrored.refused.length > 0 ? "partial" : "ok",
    diagnostics,
    result: { scope, workspaceAccess, image: options.image, ...result },
    text: (style) => formatMirror(mirrored, style, context.cwd),
  };
}

/** What skills would find in a sandbox of this image: its commands, and the names of the scope's own secrets. */
async function readFacts(
  image: string,
  scope: Scope,
  { workspaceRoot }: Sandboxes,
  { sources }: SkillSources,
  context: CommandContext<typeof mirrorOptions>,
): Promise<SandboxFacts> {
  const { env, signal } = context;
  const { values } = readSecretFile(scopeFolder(workspaceRoot, scope));
  context.hide(values.values());
  const required = async () => {
    const { skills } = await chooseSkills(sources, { names: null, facts: null }, signal);
    return [...new Set(skills.flatMap(({ skill }) => [...skill.requires.bins, ...skill.requires.anyBins]))];
  };
  return {
    imageBins: await readImageBins(await connectEngine(context), image, required, signal),
    hostBins: listPrograms(env["PATH"] ?? ""),
    envNames: [...values.keys()],
  };
}
