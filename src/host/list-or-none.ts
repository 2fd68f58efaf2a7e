import { readdirSync } from "node:fs";
import { errnoOf } from "./file-problem.ts";

/** The names in a folder; none where it is not there. */
export function listOrNone(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  }
}
