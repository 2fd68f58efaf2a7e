import { rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../host/file-problem.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { writeFileAtomically } from "../../host/write-file-atomically.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/*
 * What is remembered of a scope's container in the scope's records. Nothing that labels say: without these files a sandbox
 * counts as used when it was created, and a failed setup is run once more.
 */

/** Whoever looks at, makes or removes a scope's container holds it, in its records. */
export const containerLockName = "container";

/** How the command that prepares a new container failed. */
export interface SetupFailure {
  /** Of the plan that it was part of. */
  readonly planHash: string;
  /** Null: it did not end in time. */
  readonly exitCode: number | null;
  /** The last lines that it printed. */
  readonly lines: readonly string[];
}

/** Null: nobody has used it since it was created, or that is not known any more. */
export function readContainerUse(recordsDir: string): number | null {
  return statSync(usePath(recordsDir), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Notes that the container is used now. */
export function noteContainerUse(recordsDir: string): void {
  const now = new Date();
  try {
    utimesSync(usePath(recordsDir), now, now);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
    writeIfThere(usePath(recordsDir));
  }
}

/** The scope itself may have been removed while somebody used its sandbox. */
function writeIfThere(path: string): void {
  try {
    writeFileSync(path, "", { mode: 0o600 });
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}

export function readSetupFailure(recordsDir: string, planHash: string): SetupFailure | null {
  const read = readRegularFile(failurePath(recordsDir), maxRecordBytes);
  const record = read.ok ? asObject(parseJson(read.bytes.toString("utf8"))) : null;
  const value = (key: string) => ownValue(record, key);
  const [exitCode, lines] = [value("exitCode"), value("lines")];
  if (value("format") !== format || value("planHash") !== planHash || !Array.isArray(lines)) return null;
  return { planHash, exitCode: typeof exitCode === "number" ? exitCode : null, lines: lines.map(String) };
}

export function writeSetupFailure(recordsDir: string, failure: SetupFailure): void {
  writeFileAtomically(failurePath(recordsDir), `${JSON.stringify({ format, ...failure }, null, 2)}\n`);
}

/** Lets the command be tried again. */
export function forgetSetupFailure(recordsDir: string): void {
  rmSync(failurePath(recordsDir), { force: true });
}

/** All that the command printed, of its last run. */
export function setupLogPath(recordsDir: string): string {
  return join(recordsDir, "setup.log");
}

const format = "skillcrate/setup-failure@1";
const maxRecordBytes = 1_000_000;

function failurePath(recordsDir: string): string {
  return join(recordsDir, "setup-failure.json");
}

function usePath(recordsDir: string): string {
  return join(recordsDir, "container-used");
}
