import { type Dirent, opendirSync } from "node:fs";
import { compareText } from "../diagnostic/compare-text.ts";
import { type OpenFolder, pathIn } from "./open-folder.ts";
import { createPace } from "./pace.ts";

export interface EntryList {
  /** By code unit of their names. */
  readonly entries: readonly Dirent[];
  /** False: there are more, and these are the first that the disk gave. */
  readonly complete: boolean;
}

/**
 * At most `maxEntries` entries of an open folder; however many it holds, the event loop gets its turns. Throws the file
 * system's error, and `CANCELLED` on the signal.
 */
export async function listEntries(
  folder: OpenFolder,
  maxEntries: number,
  signal?: AbortSignal,
): Promise<EntryList> {
  const pace = createPace(signal);
  const entries: Dirent[] = [];
  const listing = opendirSync(pathIn(folder, ""), { bufferSize: 256 });
  try {
    for (let entry = listing.readSync(); entry !== null; entry = listing.readSync()) {
      if (entries.length === maxEntries) return { entries: sorted(entries), complete: false };
      entries.push(entry);
      if (pace.isDue()) await pace.rest();
    }
  } finally {
    listing.closeSync();
  }
  return { entries: sorted(entries), complete: true };
}

function sorted(entries: readonly Dirent[]): Dirent[] {
  return [...entries].sort((left, right) => compareText(left.name, right.name));
}
