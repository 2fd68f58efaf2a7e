import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Home, HomeRequest } from "../../../src/sandbox/home/home-request.ts";
import { prepareHome } from "../../../src/sandbox/home/prepare-home.ts";
import type { Scope } from "../../../src/sandbox/scope.ts";
import { type ScopeFolder, scopeFolder } from "../../../src/sandbox/scope-folder.ts";
import { tempFolder } from "../../support/temp-folder.ts";

export const isRoot = process.geteuid?.() === 0;

/** As root another user than ours, as a gateway that runs as root has; else ourselves. */
export const sandboxUser = isRoot
  ? { uid: 1000, gid: 1000 }
  : { uid: process.geteuid?.() ?? 1000, gid: process.getegid?.() ?? 1000 };

export const alice: Scope = { kind: "session", key: "agent:main:telegram:dm:alice" };

export interface HomeWorld {
  readonly workspaceRoot: string;
  readonly folder: ScopeFolder;
  prepare(request?: Partial<HomeRequest>): Promise<Home>;
}

/** A workspace root of a test's own, and one scope in it. */
export function homeWorld(scope: Scope = alice): HomeWorld {
  const workspaceRoot = join(tempFolder(), "sandboxes");
  return {
    workspaceRoot,
    folder: scopeFolder(workspaceRoot, scope),
    prepare: (request = {}) =>
      prepareHome({
        workspaceRoot,
        scope,
        workspaceAccess: "none",
        agentWorkspaceDir: null,
        sandboxUser,
        ...request,
      }),
  };
}

/** Makes files and links belong to the sandbox's user, as if it had made them. */
export function giveToSandbox(...paths: readonly string[]): void {
  if (!isRoot) return;
  for (const path of paths) {
    execFileSync("chown", ["-h", `${sandboxUser.uid}:${sandboxUser.gid}`, path]);
  }
}
