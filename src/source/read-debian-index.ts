import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDir } from "../host/package-dir.ts";
import type { DebianTableName, DebianTables } from "../recipe/debian-tables.ts";

/**
 * The tables of Debian bookworm that come with the package; each is read at the first call that asks for it. Plain text:
 * reading it takes a quarter of the time that unpacking takes, and the package as it is published is packed anyway.
 */
export function readDebianIndex(dir = join(packageDir(), "data", "debian")): DebianTables {
  const tables = new Map<DebianTableName, string>();
  return (name) => {
    let table = tables.get(name);
    if (table === undefined) {
      table = readFileSync(join(dir, `${name}.txt`), "latin1");
      tables.set(name, table);
    }
    return table;
  };
}
