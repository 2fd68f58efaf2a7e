import { readLines } from "./open-apt.mjs";

/** Every file of Debian for one processor or for all: calls `take(path, packages)`. */
export async function readContents(file, take) {
  for await (const line of readLines(file)) {
    // A path, which may have spaces, white space, and `section/package` several times with commas.
    const end = line.length - /\S*$/.exec(line)[0].length;
    const path = line.slice(0, end).trimEnd();
    if (path !== "")
      take(
        path,
        line
          .slice(end)
          .split(",")
          .map((name) => name.slice(name.lastIndexOf("/") + 1)),
      );
  }
}

/** The command that a path gives: `usr/bin/jq` → `{ name: "jq", folder: "/usr/bin" }`. */
export function commandOf(path) {
  const [, folder, name] =
    /^((?:usr\/)?(?:s?bin|games))\/([A-Za-z0-9][A-Za-z0-9._+-]{0,127})$/.exec(path) ?? [];
  return name === undefined ? null : { name, folder: `/${folder}` };
}

/** Folders that Debian's Python 3 imports from: the packages', and what is split off the standard library. */
const moduleFolders = [
  "usr/lib/python3/dist-packages/",
  "usr/lib/python3.11/",
  "usr/lib/python3.11/lib-dynload/",
];
const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The import path of a module's file: `yaml/__init__.py` → `["yaml"]`, `google/protobuf/any_pb2.py` → `["google",
 * "protobuf", "any_pb2"]`; null for what is no module.
 */
export function modulePathOf(path) {
  const folder = moduleFolders.findLast((each) => path.startsWith(each));
  if (folder === undefined) return null;
  const parts = path.slice(folder.length).split("/");
  const file = /^(.+?)(?:\.py|(?:\.cpython-3\d+-[a-z0-9_-]+|\.abi3)?\.so)$/.exec(parts.pop());
  if (file === null) return null;
  const names = file[1] === "__init__" ? parts : [...parts, file[1]];
  return names.length > 0 && names.every((name) => identifier.test(name)) ? names : null;
}

/** Whether images leave the path out, as dpkg does there. */
export function isLeftOut(path) {
  return (
    /^usr\/share\/(?:doc|groff|info|linda|lintian|locale|man)\//.test(path) &&
    !/^usr\/share\/doc\/[^/]+\/copyright$/.test(path)
  );
}
