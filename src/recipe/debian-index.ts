import { architectureOf, type DebianTables, findEntries } from "./debian-tables.ts";
import type { DebianFile, DebianIndex, RecipePlatform } from "./resolve-context.ts";

/** Which packages ship a command, on one platform; entries of the table are `package:folder`. */
export function debianIndex(tables: DebianTables, platform: RecipePlatform): DebianIndex {
  const architecture = architectureOf(platform);
  return {
    filesNamed: (bin) =>
      findEntries(tables("commands"), bin, architecture).flatMap((entry): DebianFile[] => {
        const [name, folder] = entry.split(":");
        return name === undefined || folder === undefined
          ? []
          : [{ package: name, path: `${folder}/${bin}` }];
      }),
  };
}
