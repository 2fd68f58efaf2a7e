import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { architectures } from "./open-apt.mjs";

export const dataFolder = join(dirname(fileURLToPath(import.meta.url)), "../../data/debian");

export const tableFile = (name) => join(dataFolder, `${name}.txt`);

/** Lines `key value`, sorted by code unit: what the program searches in. */
export function writeTable(name, lines) {
  const text = [...lines]
    .map(([key, value]) => `${key} ${value}\n`)
    .sort()
    .join("");
  writeFileSync(tableFile(name), text, "latin1");
  process.stdout.write(`${name}: ${lines.length} lines, ${text.length} bytes\n`);
}

/** Names the state of all tables but those of sizes, which are measured when they can be: what locks tell apart. */
export function writeEpoch() {
  const hash = createHash("sha256");
  const tables = readdirSync(dataFolder).filter((file) => !["epoch.txt", "measured.txt"].includes(file));
  for (const file of tables.sort()) hash.update(readFileSync(join(dataFolder, file)));
  writeTable("epoch", [["epoch", hash.digest("hex").slice(0, 16)]]);
}

/** Key → entries, each for some processors: `entry` where it holds for all, else `entry@architecture` for each. */
export class Entries {
  #byKey = new Map();

  add(key, entry, architecture) {
    const entries = this.#byKey.get(key) ?? new Map();
    this.#byKey.set(key, entries);
    entries.set(entry, (entries.get(entry) ?? new Set()).add(architecture));
  }

  /** Entries keep the order in which they came, or get one by `compare`. */
  lines(compare = () => 0) {
    return [...this.#byKey].map(([key, entries]) => {
      const written = [...entries]
        .sort(([left], [right]) => compare(left, right))
        .flatMap(([entry, known]) => {
          const everywhere = known.has("all") || architectures.every((each) => known.has(each));
          return everywhere ? [entry] : [...known].sort().map((architecture) => `${entry}@${architecture}`);
        });
      return [key, written.join(" ")];
    });
  }
}
