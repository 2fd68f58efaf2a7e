import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/**
 * Hundreds of skills to measure with: the folder named by SKILLCRATE_BENCH_SKILLS, else the optional test corpus beside
 * the checkout, else the example skills copied until there are about as many.
 */
export function findSkillSet(root) {
  const named = process.env.SKILLCRATE_BENCH_SKILLS ?? resolve(root, "../shared/corpus");
  if (existsSync(named)) return { folder: named, remove: () => {} };
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  const examples = readdirSync(join(root, "skills"));
  for (let copy = 0; copy * examples.length < 850; copy++) {
    cpSync(join(root, "skills"), join(folder, `copy-${copy}`), { recursive: true });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
