import { Readable } from "node:stream";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { ContextFile } from "../../dockerfile/build-context.ts";

/**
 * Packs a build context as a tar stream. Equal files give equal bytes, whatever their order, the clock and the user:
 * everything belongs to 0:0 and to one moment, and folders are written out, which a builder would else make up with a
 * time of its own.
 */
export async function packContext(files: readonly ContextFile[]): Promise<Readable> {
  const { pack } = await import("tar-fs");
  // tar-fs packs folders; with none to read, `finish` is handed the open archive.
  const archive = pack("/", {
    entries: [],
    finalize: false,
    finish: (open) => {
      for (const name of foldersOf(files)) open.entry({ ...owned, name, mode: 0o755, type: "directory" });
      for (const { path, mode, content } of [...files].sort((a, b) => compareText(a.path, b.path))) {
        open.entry({ ...owned, name: path, mode, type: "file" }, Buffer.from(content));
      }
      open.finalize();
    },
  });
  return Readable.from(archive);
}

/** Every folder above a file, each before what is in it. */
function foldersOf(files: readonly ContextFile[]): readonly string[] {
  const folders = files.flatMap(({ path }) => {
    const names = path.split("/").slice(0, -1);
    return names.map((_, depth) => names.slice(0, depth + 1).join("/"));
  });
  return [...new Set(folders)].sort(compareText);
}

// The earliest time that a zip archive can hold: Python refuses to build a wheel from older files.
const owned = { uid: 0, gid: 0, mtime: new Date("1980-01-01T00:00:00Z") } as const;
