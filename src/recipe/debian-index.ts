import type { DebianFile, DebianIndex, RecipePlatform } from "./resolve-context.ts";
import { findLine } from "./sorted-lines.ts";

/**
 * The index of commands for one platform. `readTable` gives sorted lines `name package[@architecture]:folder …`, and is
 * called when a command is looked up for the first time.
 */
export function debianIndex(readTable: () => string, platform: RecipePlatform): DebianIndex {
  const architecture = platform.slice("linux/".length);
  return {
    filesNamed: (bin) =>
      (findLine(readTable(), bin) ?? "").split(" ").flatMap((entry): DebianFile[] => {
        const [, name, only, folder] = /^([^@:]+)(?:@([^:]+))?:(.+)$/.exec(entry) ?? [];
        if (name === undefined || (only !== undefined && only !== architecture)) return [];
        return [{ package: name, path: `${folder}/${bin}` }];
      }),
  };
}
