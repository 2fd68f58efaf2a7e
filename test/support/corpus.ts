import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The corpus of real SKILL.md files, which may lie beside the project; null where it does not. */
export function corpusDir(): string | null {
  const dir = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
  return existsSync(dir) ? dir : null;
}
