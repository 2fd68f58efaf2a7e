import { closeFolder, type OpenFolder, openFolderIn } from "../../host/open-folder.ts";
import { type EntryAttributes, makeFolderIn } from "../../host/write-in-folder.ts";

/**
 * Goes down by names from an open folder and runs `task` with the last one open; with `attributes` what is missing is
 * made, without (null) it throws `ENOENT`. Follows no link: throws `ELOOP`, `ENOTDIR` or `EACCES` where one of the names
 * is not a folder that can be opened.
 */
export function withFolderBelow<Result>(
  top: OpenFolder,
  names: readonly string[],
  attributes: EntryAttributes | null,
  task: (folder: OpenFolder) => Result,
): Result {
  const [first, ...rest] = names;
  if (first === undefined) return task(top);
  const next = attributes === null ? openPresent(top, first) : makeFolderIn(top, first, attributes);
  try {
    return withFolderBelow(next, rest, attributes, task);
  } finally {
    closeFolder(next);
  }
}

function openPresent(parent: OpenFolder, name: string): OpenFolder {
  const opened = openFolderIn(parent, name);
  if (opened.ok) return opened.folder;
  const codes = { missing: "ENOENT", link: "ELOOP", denied: "EACCES" } as const;
  const { kind } = opened.problem;
  const code = kind === "missing" || kind === "link" || kind === "denied" ? codes[kind] : "ENOTDIR";
  throw Object.assign(new Error(`${code}: cannot open the folder ${name} in ${parent.path}`), { code });
}
