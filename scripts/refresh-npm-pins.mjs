#!/usr/bin/env node
// Writes src/recipe/npm-pins.ts: an exact version for every npm package that the catalog or a well-known skill names,
// with the facts that a plan needs. Asks the npm client, as it is configured here, and installs each package once
// (without lifecycle scripts, into a temporary folder) to measure it. Run it from the project's folder:
//
//   node scripts/refresh-npm-pins.mjs             # all packages
//   node scripts/refresh-npm-pins.mjs NAME...     # these only (needs Node 22.18 or later, which reads TypeScript)
//
// scripts/npm-packages.json lists the packages; an entry may hold
//   range             what to take in place of the newest version
//   platformPackages  where the program is in a package of its own for each processor, and an install script that
//                     never runs here would put it in place: that package is installed by itself
//   files             command → the program's file inside that package
//   with              packages that it needs and forgets to declare

import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const atOnce = 4;

const listed = Object.entries(JSON.parse(readFileSync("scripts/npm-packages.json", "utf8")));
const only = process.argv.slice(2);
const { found, date } = only.length === 0 ? { found: new Map(), date: today() } : await lastRun();
const queue = listed.filter(([name]) => only.length === 0 || only.includes(name));
for (const [name] of queue) found.delete(name);
await Promise.all(Array.from({ length: atOnce }, work));
const pins = listed.flatMap(([name]) => (found.get(name) ? [[name, found.get(name)]] : []));
const missing = listed.map(([name]) => name).filter((name) => found.get(name) === null);
const failed = listed.map(([name]) => name).filter((name) => !found.has(name));

writeFileSync("src/recipe/npm-pins.ts", render());
await run("npx", ["biome", "check", "--write", "src/recipe/npm-pins.ts"]);
if (failed.length > 0) {
  console.error(`Not pinned, since they do not install: ${failed.join(" ")}`);
  process.exitCode = 1;
}

/** When all were asked, and what was found: name → pin, or null where the registry had no such package. */
async function lastRun() {
  const { npmPins, npmMissing, npmPinsDate } = await import("../src/recipe/npm-pins.ts");
  return { found: new Map([...npmPins, ...[...npmMissing].map((name) => [name, null])]), date: npmPinsDate };
}

/** ISO 8601. */
function today() {
  return new Date().toISOString().slice(0, 10);
}

async function work() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, entry] = next;
    const pin = await pinPackage(name, entry).catch((error) => {
      console.error(`${name}: ${error.message}`);
    });
    if (pin === undefined) continue;
    found.set(name, pin);
    console.error(
      pin === null ? `${name}: the registry has no such package` : `${name}@${pin.version}: ${pin.treeMb} MB`,
    );
  }
}

async function pinPackage(name, entry) {
  const seen = await view(name, entry.range ?? "latest");
  if (seen === null) return null;
  return {
    version: seen.version,
    bins: Object.keys(binsOf(name, seen.bin)).sort(),
    treeMb: await measure(name, seen.version, entry),
    ...(seen.engines?.node && { node: seen.engines.node }),
    ...(seen.os && { os: seen.os }),
    ...(seen.deprecated && { deprecated: String(seen.deprecated).split("\n")[0] }),
    ...(entry.platformPackages && { platformPackages: await existing(entry.platformPackages, seen) }),
    ...(entry.files && { files: entry.files }),
    ...(entry.with && { with: await Promise.all(entry.with.map(newest)) }),
  };
}

/** The newest version that fits, or null where the registry answers that there is no such package. */
async function view(name, range) {
  const fields = ["version", "bin", "engines", "os", "deprecated", "optionalDependencies"];
  try {
    const { stdout } = await run("npm", ["view", `${name}@${range}`, ...fields, "--json"]);
    return [JSON.parse(stdout)].flat().sort(byVersion).at(-1);
  } catch (error) {
    if (/\bE404\b/.test(`${error.stdout}${error.stderr}`)) return null;
    throw error;
  }
}

/** Of versions without a pre-release, which a range never matches. */
function byVersion(left, right) {
  return left.version.localeCompare(right.version, "en", { numeric: true });
}

async function newest(name) {
  const seen = await view(name, "latest");
  if (seen === null) throw new Error(`${name}: the registry has no such package`);
  return { package: name, version: seen.version };
}

/** Not every processor's package is published with every version; one that the package itself names is. */
async function existing(platformPackages, { version, optionalDependencies = {} }) {
  const names = Object.entries(platformPackages);
  const seen = await Promise.all(
    names.map(([, name]) => (optionalDependencies[name] === version ? true : view(name, version))),
  );
  return Object.fromEntries(names.filter((_, index) => seen[index] !== null));
}

/** `bin` may be one file; then the command has the package's name without its scope. */
function binsOf(name, bin) {
  return typeof bin === "string" ? { [name.replace(/^@[^/]+\//, "")]: bin } : (bin ?? {});
}

/** Megabytes of the installed tree on linux/amd64, rounded up. */
async function measure(name, version, entry) {
  const folder = mkdtempSync(join(tmpdir(), "npm-pins-"));
  try {
    const installed = entry.platformPackages?.["linux/amd64"] ?? name;
    const options = [
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      "--os=linux",
      "--cpu=x64",
    ];
    const packages = [`${installed}@${version}`, ...(entry.with ?? [])];
    await run("npm", ["install", "--global", "--prefix", folder, ...options, ...packages]);
    for (const file of Object.values(entry.files ?? {})) {
      const path = join(folder, "lib/node_modules", installed, file);
      if (!existsSync(path)) throw new Error(`${installed}@${version} has no file ${file}`);
    }
    const { stdout } = await run("du", ["-sk", folder]);
    return Math.ceil(Number(stdout.split("\t")[0]) / 1024);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function render() {
  return `// Made by scripts/refresh-npm-pins.mjs on ${date}: run it again instead of editing this.

import type { NpmPin } from "./npm-pin.ts";

export const npmPins: ReadonlyMap<string, NpmPin> = new Map<string, NpmPin>(${JSON.stringify(pins)});

/** Packages that skills name and that the registry did not have on that day. */
export const npmMissing: ReadonlySet<string> = new Set(${JSON.stringify(missing)});

/** When the registry was asked, ISO 8601. */
export const npmPinsDate = "${date}";
`;
}
