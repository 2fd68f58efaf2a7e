import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The corpus of real SKILL.md files, which may lie beside the project; null where it does not. */
export function corpusDir(): string | null {
  const dir = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
  return existsSync(dir) ? dir : null;
}

/** Every SKILL.md of the corpus, absolute, sorted; none where there is no corpus. */
export function corpusSkillFiles(): string[] {
  const dir = corpusDir();
  if (dir === null) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name === "SKILL.md")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
