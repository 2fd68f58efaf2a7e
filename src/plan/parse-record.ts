import { z } from "zod";
import { compareText } from "../diagnostic/compare-text.ts";
import type { TreeStage } from "./image-plan.ts";
import { parseNpmRecord } from "./parse-npm-record.ts";
import type { CargoLock, GoLock, LockedWheel, PartLock, PythonLock } from "./part-lock.ts";
import { partLockSchema } from "./part-lock-schema.ts";

/**
 * What a tree was made from, as the client of its ecosystem has told it. `index`: the Python index that was configured.
 * Null where the text is none of that client's, or a value in it does not fit the grammar of a lock.
 */
export function parseRecord(stage: TreeStage, text: string, index: string | null): PartLock | null {
  const parsed = partLockSchema.safeParse(parseAsLock(stage, text, index));
  return parsed.success ? parsed.data : null;
}

function parseAsLock(stage: TreeStage, text: string, index: string | null): PartLock | null {
  switch (stage.ecosystem) {
    case "node":
    case "npm":
    case "node-libraries":
      return parseNpmRecord(text);
    case "python":
    case "python-libraries":
      return parsePipReport(text, index);
    case "go":
      return parseGoSums(text);
    case "cargo":
      return parseCrates(text);
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

/** Without a login and a fragment, and without the host where that is the index's own. */
function addressOf(text: string, index: string | null): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const own = index !== null && URL.canParse(index) && new URL(index).host === url.host;
  return own ? url.pathname : `${url.origin}${url.pathname}`;
}

function parseGoSums(text: string): GoLock {
  return { kind: "go", sums: linesOf(text) };
}

/** Lines of `sha256sum`. */
function parseCrates(text: string): CargoLock {
  const crates = linesOf(text).map((line) => ({ file: line.slice(66), sha256: line.slice(0, 64) }));
  return { kind: "cargo", crates };
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
