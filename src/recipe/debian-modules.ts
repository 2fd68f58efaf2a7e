import { architectureOf, type DebianTables, findEntries } from "./debian-tables.ts";
import type { RecipePlatform } from "./resolve-context.ts";

/** Which Debian packages Debian's own Python 3 can import a module from. */
export interface DebianModules {
  /**
   * `yaml` → `python3-yaml`, `google.protobuf` → `python3-protobuf`. Packages named `python3-…` come first, then by name.
   * A namespace by itself (`google`) is given by every package that has a part of it. Parts of an ordinary package
   * (`yaml.nodes`) and the standard library are not in the table.
   */
  packagesWith(module: string): readonly string[];
}

export function debianModules(tables: DebianTables, platform: RecipePlatform): DebianModules {
  const architecture = architectureOf(platform);
  return { packagesWith: (module) => findEntries(tables("modules"), module, architecture) };
}
