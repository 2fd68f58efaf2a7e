import { chmodSync, lstatSync } from "node:fs";
import { type OpenFolder, type OpenFolderResult, openFolderIn, pathIn } from "../../host/open-folder.ts";

/** Every root of a home is its user's alone. */
export const homeMode = 0o700;

/**
 * Opens a root of a home in its scope's folder; one whose permissions a sandbox took away gets them back. The scope's
 * folder is closed to sandboxes: what has a name there now has it a moment later.
 */
export function openHomeRoot(scope: OpenFolder, name: string): OpenFolderResult {
  const opened = openFolderIn(scope, name);
  if (opened.ok || opened.problem.kind !== "denied") return opened;
  if (lstatSync(pathIn(scope, name)).isDirectory()) chmodSync(pathIn(scope, name), homeMode);
  return openFolderIn(scope, name);
}
