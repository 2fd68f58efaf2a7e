import { aptRow, type CatalogRow } from "./catalog-row.ts";

/**
 * GNU's tools by the names that Homebrew gives them, a `g` in front, since macOS has other tools under their own: scripts
 * that were written there call them so. Names that belong to another program on Linux (`gdu`, `gcp`, `gstat`) are not here.
 */
export const gnuNames: readonly CatalogRow[] = [
  gnuRow("coreutils", "coreutils", "/bin", "cat chmod chown date df ln ls mkdir mktemp mv readlink rm touch"),
  gnuRow(
    "coreutils",
    "coreutils",
    "/usr/bin",
    "base64 cut head join md5sum nproc paste realpath seq sha256sum shuf split tac tail tee timeout tr uniq wc",
  ),
  gnuRow("sed", "gnu-sed", "/bin", "sed"),
  gnuRow("grep", "grep", "/bin", "egrep fgrep grep"),
  gnuRow("tar", "gnu-tar", "/bin", "tar"),
  gnuRow("findutils", "findutils", "/usr/bin", "find xargs"),
];

function gnuRow(name: string, formula: string, folder: string, tools: string): CatalogRow {
  const links = tools.split(" ").map((tool) => [`g${tool}`, `${folder}/${tool}`] as const);
  return aptRow(
    name,
    links.map(([bin]) => bin).join(" "),
    "GNU's tool under the name that Homebrew gives it",
    {
      links: Object.fromEntries(links),
      namedAs: { brew: [formula] },
    },
  );
}
