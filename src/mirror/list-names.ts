import { opendirSync, readdirSync } from "node:fs";
import { type FileProblem, toFileProblem } from "../host/file-problem.ts";
import { type OpenFolder, pathIn } from "../host/open-folder.ts";

export type NamesResult =
  | { readonly ok: true; readonly names: string[] /** Whether these are all. */; readonly complete: boolean }
  | { readonly ok: false; readonly problem: FileProblem };

/**
 * The names in an open folder, in the order the disk gives them. `sizeBytes` is the folder's own: a large one is read
 * in parts, and not much further than `maxNames`.
 */
export function listNames(folder: OpenFolder, sizeBytes: number, maxNames: number): NamesResult {
  try {
    if (sizeBytes > largeBytes) return { ok: true, ...listSome(folder, maxNames) };
    return { ok: true, names: readdirSync(pathIn(folder, "")), complete: true };
  } catch (error) {
    return { ok: false, problem: toFileProblem(error) };
  }
}

/** ext4 takes that for some thousand names, tmpfs too; in one go they are read faster. */
const largeBytes = 64 * 1024;

function listSome(folder: OpenFolder, maxNames: number): { names: string[]; complete: boolean } {
  const names: string[] = [];
  const listing = opendirSync(pathIn(folder, ""), { bufferSize: 256 });
  try {
    for (let entry = listing.readSync(); entry !== null; entry = listing.readSync()) {
      if (names.length === maxNames) return { names, complete: false };
      names.push(entry.name);
    }
  } finally {
    listing.closeSync();
  }
  return { names, complete: true };
}
