import { lstatSync, unlinkSync } from "node:fs";
import { compareText } from "../../diagnostic/compare-text.ts";
import { errnoOf } from "../../host/file-problem.ts";
import { listEntries } from "../../host/list-entries.ts";
import { type OpenFolder, pathIn } from "../../host/open-folder.ts";
import { isStagedName } from "../../host/staged-file.ts";
import { isMediaName } from "./media-name.ts";

/** Which media go when another one comes. */
export interface MediaRetention {
  /** Older ones go. */
  readonly maxAgeMs?: number;
  /** With the new one no more than this many stay; the oldest go. At least 1. */
  readonly maxFiles?: number;
}

/**
 * Removes media that were staged earlier by {@link MediaRetention}, and what a killed process left half written. Touches
 * only regular files with names of our own making. Gives the names of media, oldest first.
 */
export async function collectMedia(
  inbound: OpenFolder,
  { maxAgeMs, maxFiles }: MediaRetention,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const nowMs = Date.now();
  const { entries } = await listEntries(inbound, maxEntries, signal);
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  for (const name of files.filter(isStagedName)) {
    if (nowMs - (modifiedMs(inbound, name) ?? nowMs) > abandonedAfterMs) remove(inbound, name);
  }
  if (maxAgeMs === undefined && maxFiles === undefined) return [];
  const media = byAge(inbound, files.filter(isMediaName));
  const surplus = media.length - Math.max(maxFiles ?? Number.POSITIVE_INFINITY, 1) + 1;
  const outdated = media.filter(
    ({ modified }, index) => index < surplus || nowMs - modified > (maxAgeMs ?? Number.POSITIVE_INFINITY),
  );
  for (const { name } of outdated) remove(inbound, name);
  return outdated.map(({ name }) => name);
}

/** A sandbox that fills its folder makes us look no further than this. */
const maxEntries = 20_000;
/** Nobody takes longer to write a medium. */
const abandonedAfterMs = 60 * 60_000;

function byAge(
  inbound: OpenFolder,
  names: readonly string[],
): { readonly name: string; readonly modified: number }[] {
  return names
    .flatMap((name) => {
      const modified = modifiedMs(inbound, name);
      return modified === null ? [] : [{ name, modified }];
    })
    .sort((left, right) => left.modified - right.modified || compareText(left.name, right.name));
}

/** Null where it has gone meanwhile. */
function modifiedMs(inbound: OpenFolder, name: string): number | null {
  return lstatSync(pathIn(inbound, name), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function remove(inbound: OpenFolder, name: string): void {
  try {
    unlinkSync(pathIn(inbound, name));
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
