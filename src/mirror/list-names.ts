import { readdirSync } from "node:fs";
import { type FileProblem, toFileProblem } from "../host/file-problem.ts";
import { type OpenFolder, pathIn } from "../host/open-folder.ts";

export type NamesResult =
  | { readonly ok: true; readonly names: string[] }
  | { readonly ok: false; readonly problem: FileProblem };

/** The names in an open folder, in the order the disk gives them. */
export function listNames(folder: OpenFolder): NamesResult {
  try {
    return { ok: true, names: readdirSync(pathIn(folder, "")) };
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}
