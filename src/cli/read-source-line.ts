import { readRegularFile } from "../host/read-regular-file.ts";

/** One line (counted from 1) of a skill's file, for the excerpt of a failure; null where it cannot be had any more. */
export function readSourceLine(file: string, line: number): string | null {
  const read = readRegularFile(file, largestFileBytes);
  if (!read.ok) return null;
  return read.bytes.toString("utf8").split(/\r\n|\r|\n/)[line - 1] ?? null;
}

const largestFileBytes = 1_000_000;
