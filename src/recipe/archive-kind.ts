import type { ArchiveKind } from "./recipe.ts";

/** How a file of this name would have to be unpacked; null where its name does not say that it is an archive. */
export function archiveKindOf(fileName: string): ArchiveKind | null {
  const name = fileName.toLowerCase();
  return endings.find(([ending]) => name.endsWith(ending))?.[1] ?? null;
}

const endings: readonly (readonly [string, ArchiveKind])[] = [
  [".tar.gz", "tar.gz"],
  [".tgz", "tar.gz"],
  [".tar.xz", "tar.xz"],
  [".txz", "tar.xz"],
  [".tar.bz2", "tar.bz2"],
  [".tbz", "tar.bz2"],
  [".tbz2", "tar.bz2"],
  [".zip", "zip"],
];
