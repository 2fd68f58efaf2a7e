import { readdirSync } from "node:fs";
import { delimiter, isAbsolute } from "node:path";
import { compareText } from "../diagnostic/compare-text.ts";
import { toFileProblem } from "../host/file-problem.ts";

/** Names of what is in the folders of a PATH; folders that are not there, or that are relative, count as empty. */
export function listPrograms(searchPath: string): readonly string[] {
  const names = searchPath.split(delimiter).filter(isAbsolute).flatMap(listFiles);
  return [...new Set(names)].sort(compareText);
}

function listFiles(dir: string): readonly string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name);
  } catch (error) {
    toFileProblem(error);
    return [];
  }
}
