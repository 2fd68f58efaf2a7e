import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packageDir } from "../host/package-dir.ts";
import type { DebianTableName, DebianTables } from "../recipe/debian-tables.ts";

/** The tables of Debian bookworm that come with the package; each is read at the first call that asks for it. */
export function readDebianIndex(dir = join(packageDir(), "data", "debian")): DebianTables {
  const tables = new Map<DebianTableName, string>();
  return (name) => {
    let table = tables.get(name);
    if (table === undefined) {
      table = gunzipSync(readFileSync(join(dir, `${name}.gz`))).toString("latin1");
      tables.set(name, table);
    }
    return table;
  };
}
