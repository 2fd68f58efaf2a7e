import type { RecipePlatform } from "./resolve-context.ts";
import { findLine } from "./sorted-lines.ts";

/** A processor as Debian names it. */
export type DebianArchitecture = "amd64" | "arm64";

/** Names of `data/debian/NAME.txt`; what holds for every processor is in `…-all`, the rest in the table of each. */
export type DebianTableName =
  | "commands"
  | "modules"
  | "provides"
  | "measured"
  | "minimal"
  | "epoch"
  | `${"packages" | "dependencies" | "digests"}-${DebianArchitecture | "all"}`;

/** A table's text: sorted lines `key value …`. It is read when a table is asked for the first time. */
export type DebianTables = (name: DebianTableName) => string;

export function architectureOf(platform: RecipePlatform): DebianArchitecture {
  return platform === "linux/arm64" ? "arm64" : "amd64";
}

/** The entries of a line that hold for this processor: `entry`, or `entry@architecture`. */
export function findEntries(text: string, key: string, architecture: DebianArchitecture): string[] {
  const line = findLine(text, key);
  if (line === null) return [];
  return line.split(" ").flatMap((entry) => {
    const at = entry.indexOf("@");
    if (at === -1) return [entry];
    return entry.slice(at + 1) === architecture ? [entry.slice(0, at)] : [];
  });
}

/** The words of a line that is in the table of this processor, else in the one of all. */
export function findWords(
  tables: DebianTables,
  kind: "packages" | "dependencies" | "digests",
  key: string,
  architecture: DebianArchitecture,
): string[] | null {
  const line = findLine(tables(`${kind}-${architecture}`), key) ?? findLine(tables(`${kind}-all`), key);
  return line === null ? null : line.split(" ");
}
