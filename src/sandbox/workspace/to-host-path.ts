import { join } from "node:path";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import { joinInside, parseInsidePath, splitPath } from "./inside-path.ts";

export interface HostPath {
  /** Absolute, on the gateway's host. */
  readonly path: string;
  readonly mount: SandboxMount;
}

/**
 * Where a path inside a sandbox (absolute, or from `/workspace`) lies on the host, by the mount with the longest target
 * above it. Pure: says nothing of what is there. To show or compare, not to open: a sandbox can put a link into any of
 * its folders; `readFromWorkspace` opens safely. Throws `WORKSPACE_PATH_INVALID` for `..` and the like, and
 * `WORKSPACE_PATH_OUTSIDE` where no workspace, home, skills or agent mount holds the path.
 */
export function toHostPath(insidePath: string, mounts: readonly SandboxMount[]): HostPath {
  const names = parseInsidePath(insidePath);
  for (let length = names.length; length >= 0; length -= 1) {
    const mount = findMount(names.slice(0, length), mounts);
    if (mount === null) continue;
    if (!isReadable(mount)) break;
    return { path: join(mount.source, ...names.slice(length)), mount };
  }
  throw outside(insidePath);
}

/** The mount at exactly this place; null: none. */
export function findMount(names: readonly string[], mounts: readonly SandboxMount[]): SandboxMount | null {
  const target = joinInside(names);
  return mounts.find((mount) => joinInside(splitPath(mount.target)) === target) ?? null;
}

/** Accounts, imports of logins and secrets are no results of a sandbox. */
export function isReadable({ purpose }: SandboxMount): boolean {
  return purpose === "workspace" || purpose === "home" || purpose === "skills" || purpose === "agent";
}

export function outside(insidePath: string): SkillcrateError {
  return new SkillcrateError(
    "WORKSPACE_PATH_OUTSIDE",
    `${quoteValue(insidePath)} is in none of the sandbox's folders, or a link leads out of them.`,
    { hint: "Take a path below /workspace, or below /agent or /skills where the sandbox has them." },
  );
}
