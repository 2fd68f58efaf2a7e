/**
 * Writes data/debian/measured.txt: what packages take in an image, from the packages themselves. Measures all that the
 * catalog and the built-in images can install, with what that depends on, packages that have a measured version already,
 * and those that are named. Runs on Debian bookworm with its Python; fetches every package once as apt on this machine
 * is configured, and keeps none. Versions that were measured before are not measured again.
 *
 *     node scripts/measure-debian-packages.mjs [--arm64] [PACKAGE...]
 *
 * Run refresh-debian-index.mjs first. Needs Node 22.18 or later, which reads TypeScript.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import JSON5 from "json5";
import { catalogRows } from "../src/recipe/catalog/find-rows.ts";
import { closeOver } from "../src/recipe/debian-closure.ts";
import { debianPackages } from "../src/recipe/debian-packages.ts";
import { readDebianIndex } from "../src/source/read-debian-index.ts";
import { openApt } from "./debian-index/open-apt.mjs";
import { dataFolder, Entries, tableFile, writeTable } from "./debian-index/write-table.mjs";

const batchSize = 20;
const words = process.argv.slice(2);
const architecture = words.includes("--arm64") ? "arm64" : "amd64";
const images = fileURLToPath(new URL("../images", import.meta.url));

const packages = debianPackages(readDebianIndex(dataFolder), `linux/${architecture}`);
const measured = readMeasured();
const wanted = listWanted(words.filter((word) => !word.startsWith("--")));
const apt = openApt();
try {
  for (let start = 0; start < wanted.length; start += batchSize) {
    await measure(wanted.slice(start, start + batchSize));
    writeMeasured();
    process.stdout.write(`${Math.min(start + batchSize, wanted.length)} of ${wanted.length} packages\n`);
  }
} finally {
  apt.close();
}

/** Packages without a size of their newest version. */
function listWanted(named) {
  const definitions = readdirSync(images)
    .filter((name) => name.endsWith(".json5"))
    .map((name) => JSON5.parse(readFileSync(join(images, name), "utf8")));
  const roots = [
    ...packages.minimal(),
    ...definitions.flatMap((definition) => Object.keys(definition.packages)),
    ...catalogRows.flatMap(({ answer }) =>
      answer.kind === "apt" ? [answer.package, ...(answer.with ?? [])] : [],
    ),
    ...measured.keys(),
    ...named,
  ];
  // Each by itself: what one brings can keep another from a different choice.
  const all = new Set(roots.flatMap((root) => [...closeOver([root], new Set(), packages).added.keys()]));
  return [...all].map((name) => packages.find(name)).filter((each) => !isMeasured(each));
}

function isMeasured({ name, version, architecture: of }) {
  return measured.get(name)?.some((entry) => entry.version === version && entry.architecture === of) === true;
}

async function measure(batch) {
  const folder = join(apt.folder, "packages");
  mkdirSync(folder);
  try {
    apt.run(
      "sh",
      "-c",
      'cd "$1" && shift && apt-get -q download -- "$@" >&2',
      "sh",
      folder,
      ...batch.map(
        ({ name, version, architecture: of }) => `${name}${of === "all" ? "" : `:${of}`}=${version}`,
      ),
    );
    const sizes = await sizesOf(readdirSync(folder).map((file) => join(folder, file)));
    for (const each of batch) {
      const bytes = sizes.get(`${each.name}_${each.architecture}`);
      if (bytes === undefined) throw new Error(`${each.name} was not measured`);
      const others = (measured.get(each.name) ?? []).filter(
        (entry) => entry.architecture !== each.architecture,
      );
      measured.set(each.name, [...others, { version: each.version, bytes, architecture: each.architecture }]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `name_architecture` → bytes. */
async function sizesOf(files) {
  const script = fileURLToPath(new URL("debian-index/measure_packages.py", import.meta.url));
  const python = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
  python.stdin.end(files.map((file) => `${file}\n`).join(""));
  const sizes = new Map();
  for await (const line of createInterface({ input: python.stdout })) {
    const [, name, of, bytes] = /([^/_]+)_[^/]*_([a-z0-9]+)\.deb\t(\d+)$/.exec(line) ?? [];
    sizes.set(`${name}_${of}`, Number(bytes));
  }
  return sizes;
}

/** Package → what was measured of it: `{ version, bytes, architecture }`. */
function readMeasured() {
  const file = tableFile("measured");
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, "latin1").trimEnd().split("\n");
  return new Map(
    lines.map((line) => {
      const [name, ...entries] = line.split(" ");
      return [name, entries.map(parseEntry)];
    }),
  );
}

function parseEntry(entry) {
  const [, version, bytes, architecture = "all"] = /^(.*):(\d+)(?:@(.*))?$/.exec(entry);
  return { version, bytes: Number(bytes), architecture };
}

function writeMeasured() {
  const entries = new Entries();
  for (const [name, all] of measured) {
    for (const { version, bytes, architecture: of } of all) entries.add(name, `${version}:${bytes}`, of);
  }
  writeTable("measured", entries.lines());
}
