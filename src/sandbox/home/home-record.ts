import { renameSync } from "node:fs";
import { basename, join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { parseJson } from "../../host/parse-json.ts";
import { readRegularFile } from "../../host/read-regular-file.ts";
import { writeFileAtomically } from "../../host/write-file-atomically.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";

/** What templates have put into a home: path in it → sha256 of what was put. */
export type PutFiles = ReadonlyMap<string, string>;

const fileName = "home.json";
const format = "skillcrate/home@1";
const maxRecordBytes = 64_000_000;

/**
 * Reads `records/home.json`. A damaged one is set aside and named: then whatever is in the home counts as the user's
 * own, and templates only add what is missing.
 */
export function readHomeRecord(recordsDir: string, diagnostics: Diagnostic[]): PutFiles {
  const path = join(recordsDir, fileName);
  const read = readRegularFile(path, maxRecordBytes);
  if (!read.ok && read.problem.kind === "missing") return new Map();
  const put = read.ok ? parseRecord(read.bytes.toString("utf8")) : null;
  if (put !== null) return put;
  const aside = `${path}.broken-${new Date().toISOString().replace(/[:.]/g, "")}`;
  renameSync(path, aside);
  diagnostics.push({
    code: "STATE_BROKEN",
    severity: "warning",
    message: `${quoteValue(path)} is damaged or of another version. Set aside as ${quoteValue(basename(aside))}.`,
    hint: "Files in the home that templates had put there now count as the user's own and are not updated.",
    place: { file: aside, line: 1, column: 1 },
  });
  return new Map();
}

export function writeHomeRecord(recordsDir: string, put: PutFiles): void {
  const files = Object.fromEntries([...put].sort(([a], [b]) => compareText(a, b)));
  writeFileAtomically(join(recordsDir, fileName), `${JSON.stringify({ format, files }, null, 2)}\n`);
}

function parseRecord(text: string): PutFiles | null {
  const record = asObject(parseJson(text));
  const files = asObject(ownValue(record, "files"));
  if (ownValue(record, "format") !== format || files === null) return null;
  const put = new Map<string, string>();
  for (const [path, hash] of Object.entries(files)) {
    if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return null;
    put.set(path, hash);
  }
  return put;
}
