import { lstatSync, readlinkSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path/posix";
import { type FileProblem, toFileProblem } from "../../host/file-problem.ts";

/** Where a path leads. */
export type FollowedPath =
  | {
      readonly ok: true;
      /** Without a link in it, when it was looked at. */
      readonly real: string;
      /** What the path became at each link, the links' own order. */
      readonly passed: readonly string[];
    }
  | { readonly ok: false; readonly problem: FileProblem };

/** path_resolution(7) gives up after as many. */
const mostLinks = 40;

/** Walks an absolute path name by name, and every link in it as the system would. */
export function followLinks(path: string): FollowedPath {
  const passed: string[] = [];
  let rest = namesOf(path);
  let real = "/";
  try {
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      if (name === "..") real = dirname(real);
      else {
        const next = join(real, name);
        if (!lstatSync(next).isSymbolicLink()) real = next;
        else {
          if (passed.length === mostLinks) return { ok: false, problem: { kind: "link" } };
          const target = readlinkSync(next);
          rest = [...namesOf(target), ...rest];
          if (isAbsolute(target)) real = "/";
          passed.push(join(real, ...rest));
        }
      }
    }
    return { ok: true, real, passed };
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
