import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../host/file-problem.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/** A folder of this machine and the path inside at which a container has it. */
export interface MountedFolder {
  readonly source: string;
  readonly target: string;
}

/*
 * A container that runs keeps the folders that it was started with, also those that have been removed since: what is made in
 * their place it does not see, and in a removed one nothing can be written. Engines do not tell, so the scope's records say
 * which folders they were. Without that record all is taken for well.
 */

/** Notes which folders a container has been started with. */
export function noteMountedFolders(
  recordsDir: string,
  containerId: string,
  mounts: readonly MountedFolder[],
): void {
  const folders = Object.fromEntries(
    mounts.flatMap(({ source, target }) => {
      const identity = identityOf(source);
      return identity === null ? [] : [[target, identity]];
    }),
  );
  try {
    writeFileSync(recordPath(recordsDir), JSON.stringify({ containerId, folders }), { mode: 0o600 });
  } catch (error) {
    // The scope itself may have been removed meanwhile.
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

/** The paths inside of folders that were removed or replaced since; null: what it was started with is not on record. */
export function findMovedFolders(
  recordsDir: string,
  containerId: string,
  mounts: readonly MountedFolder[],
): readonly string[] | null {
  const read = readRegularFile(recordPath(recordsDir), maxRecordBytes);
  const record = read.ok ? asObject(parseJson(read.bytes.toString("utf8"))) : null;
  const folders = asObject(ownValue(record, "folders"));
  if (folders === null || ownValue(record, "containerId") !== containerId) return null;
  return mounts.flatMap(({ source, target }) => {
    const before = ownValue(folders, target);
    return before === undefined || before === identityOf(source) ? [] : [target];
  });
}

const maxRecordBytes = 1_000_000;

function recordPath(recordsDir: string): string {
  return join(recordsDir, "container-folders.json");
}

/** Null: it is not there, or is no folder. Files are replaced whole each time they change. */
function identityOf(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats?.isDirectory() === true ? `${stats.dev}:${stats.ino}` : null;
}
