import { mkdirSync, realpathSync } from "node:fs";
import { stateFailure } from "../../host/state-failure.ts";

/** The workspace root. Links in its path are the operator's own; what is mounted has none. */
export function findOrMakeRoot(path: string): string {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return realpathSync.native(path);
  } catch (error) {
    throw stateFailure("make sandboxes in", path, error);
  }
}
