import { insidePaths } from "../inside-paths.ts";

/** Why nothing may be mounted at a path inside; `reserved`: unless that was allowed by name. */
export interface TargetRefusal {
  readonly kind: "reserved" | "never";
  /** "it …" */
  readonly why: string;
}

/**
 * Judges where something is to be mounted inside: not over, in or above what the sandbox stands on. `target` is absolute
 * and has no `.`, `..` or doubled slash. Null: it may be.
 */
export function judgeTarget(target: string): TargetRefusal | null {
  if (target === "/") return { kind: "never", why: "it is the whole file system" };
  const kernels = kernelPaths.find((path) => isAtOrBelow(target, path));
  if (kernels !== undefined && target !== sharedMemory)
    return { kind: "never", why: `${kernels} belongs to the kernel` };
  if (accountPaths.some((path) => isAtOrBelow(path, target) || isAtOrBelow(target, path)))
    return { kind: "never", why: "the sandbox's user stands there" };
  const reserved = reservedPaths.find((path) => isAtOrBelow(path, target) || isAtOrBelow(target, path));
  if (reserved === undefined) return null;
  return { kind: "reserved", why: `${reserved} is the sandbox's own` };
}

/** Whether a path is `folder`, or lies below it. */
export function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

const kernelPaths = ["/proc", "/sys", "/dev"];
const sharedMemory = "/dev/shm";
const accountPaths = ["/etc/passwd", "/etc/group"];
const reservedPaths = [insidePaths.workspace, insidePaths.agent, insidePaths.reservedSkills];
