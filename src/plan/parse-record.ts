import { z } from "zod";
import { compareText } from "../diagnostic/compare-text.ts";
import type { TreeStage } from "./image-plan.ts";
import { parseCrateRecord } from "./parse-crate-record.ts";
import { parseNpmRecord } from "./parse-npm-record.ts";
import type { GoLock, LockedWheel, PartLock, PythonLock } from "./part-lock.ts";
import { partLockSchema } from "./part-lock-schema.ts";

/** The indexes that were configured, if any: what is on the host of one is locked by its path alone. */
export interface RecordIndexes {
  readonly pythonIndex: string | null;
  readonly cargoRegistry: string | null;
}

/**
 * What a tree was made from, as the client of its ecosystem has told it. Null where the text is none of that client's,
 * or a value in it does not fit the grammar of a lock.
 */
export function parseRecord(stage: TreeStage, text: string, indexes: RecordIndexes): PartLock | null {
  const parsed = partLockSchema.safeParse(parseAsLock(stage, text, indexes));
  return parsed.success ? parsed.data : null;
}

function parseAsLock(
  stage: TreeStage,
  text: string,
  { pythonIndex, cargoRegistry }: RecordIndexes,
): PartLock | null {
  switch (stage.ecosystem) {
    case "node":
    case "npm":
    case "node-libraries":
      return parseNpmRecord(text);
    case "python":
    case "python-libraries":
      return parsePipReport(text, pythonIndex);
    case "go":
      return parseGoSums(text);
    case "cargo":
      return parseCrateRecord(text, (address) => addressOf(address, cargoRegistry));
    case "download":
      return parseDownload(text);
    // Homebrew gives whatever version it has: nothing could be made again from a record.
    case "brew":
      return null;
  }
}

/** The format 1 of `pip install --report`, where `hash` is the older form of `hashes`. */
const reportSchema = z.object({
  version: z.literal("1"),
  install: z.array(
    z.object({
      download_info: z.object({
        url: z.string(),
        archive_info: z.object({
          hash: z.string().optional(),
          hashes: z.object({ sha256: z.string() }).optional(),
        }),
      }),
      metadata: z.object({ name: z.string(), version: z.string() }),
    }),
  ),
});

function parsePipReport(text: string, index: string | null): PythonLock | null {
  const report = reportSchema.safeParse(parseJson(text));
  if (!report.success) return null;
  const packages = report.data.install.map(({ download_info, metadata }): LockedWheel => {
    const { hash = "", hashes } = download_info.archive_info;
    const sha256 = hashes?.sha256 ?? hash.replace(/^sha256=/, "");
    return { ...metadata, sha256, url: addressOf(download_info.url, index) };
  });
  return { kind: "python", packages: packages.sort((left, right) => compareText(left.name, right.name)) };
}

/** Without a login and a fragment, and without the host where that is the index's own. Braces of a template stay. */
function addressOf(text: string, index: string | null): string {
  if (!URL.canParse(text)) return text;
  const { host, origin } = new URL(text);
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/s, "") || "/";
  const own = index !== null && URL.canParse(index) && new URL(index).host === host;
  return own ? path : `${origin}${path}`;
}

function parseGoSums(text: string): GoLock {
  return { kind: "go", sums: linesOf(text) };
}

const downloadSchema = z.object({ sha256: z.string(), sizeBytes: z.number() });

function parseDownload(text: string): PartLock | null {
  const record = downloadSchema.safeParse(parseJson(text));
  return record.success ? { kind: "download", ...record.data } : null;
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
