import { architectureOf, type DebianTables, findEntries } from "./debian-tables.ts";
import type { DebianFile, DebianIndex, RecipePlatform } from "./resolve-context.ts";

/** Which packages ship a command, on one platform; entries of the table are `package:folder`. */
export function debianIndex(tables: DebianTables, platform: RecipePlatform): DebianIndex {
  const architecture = architectureOf(platform);
  let commands: ReadonlyMap<string, readonly string[]> | undefined;
  return {
    filesNamed: (bin) =>
      findEntries(tables("commands"), bin, architecture).flatMap((entry): DebianFile[] => {
        const [name, folder] = entry.split(":");
        return name === undefined || folder === undefined
          ? []
          : [{ package: name, path: `${folder}/${bin}` }];
      }),
    commandsOf(name) {
      commands ??= commandsByPackage(tables("commands"));
      return commands.get(name) ?? [];
    },
  };
}

function commandsByPackage(text: string): ReadonlyMap<string, readonly string[]> {
  const commands = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [command = "", ...entries] = line.split(" ");
    for (const entry of entries) {
      const name = entry.slice(0, entry.indexOf(":"));
      const known = commands.get(name);
      if (known === undefined) commands.set(name, [command]);
      else known.push(command);
    }
  }
  return commands;
}
