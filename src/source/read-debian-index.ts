import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packageDir } from "../host/package-dir.ts";

/** Commands of Debian bookworm as they come with the package, as `debianIndex` takes them; read at the first call. */
export function readDebianIndex(dir = join(packageDir(), "data", "debian")): () => string {
  let table: string | undefined;
  return () => {
    table ??= gunzipSync(readFileSync(join(dir, "commands.gz"))).toString("latin1");
    return table;
  };
}
