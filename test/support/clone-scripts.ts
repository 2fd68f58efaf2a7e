import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A clone with nothing but scripts and what they read, in a folder with a space in its name; gives its path. */
export function cloneScripts(folder: string): string {
  const root = join(folder, "a clone");
  mkdirSync(join(root, "src"), { recursive: true });
  for (const name of [
    "scripts",
    "package.json",
    "package-lock.json",
    "rolldown.config.js",
    "tsconfig.json",
    "tsconfig.build.json",
  ]) {
    cpSync(join(repository, name), join(root, name), { recursive: true });
  }
  return root;
}
