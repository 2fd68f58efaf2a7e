import type { InstallSpec } from "../skill/skill.ts";
import { findSourceRow } from "./catalog/find-rows.ts";
import type { Ecosystem, PackageRequest, ParsedPackage, Provision } from "./ecosystem.ts";
import type { CargoRecipe } from "./recipe.ts";

/** Crates of the registry, each with its commands in a tree of its own. */
export const cargo: Ecosystem = {
  kind: "cargo",
  installKinds: ["cargo"],
  naming: "cargo",
  parsePackage,
  provide,
  knownBins: (name) => findSourceRow("cargo", name)?.bins ?? null,
};

// The registry's own rules for names: letters, digits, `-` and `_`, a letter first, at most 64.
const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
// Semantic Versioning 2.0.0, all three numbers; `=` in front says the same.
const exactPattern = /^=?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/;
/** Version requirements, without the white space and commas that several of them would need. */
const rangePattern = /^[0-9A-Za-z^~<>=*.-]{1,64}$/;
const featurePattern = /^[A-Za-z0-9_][A-Za-z0-9_+.-]{0,63}$/;
const expected = "a crate of the registry such as ripgrep or ripgrep@14.1.1";

function parsePackage(text: string, spec?: InstallSpec): ParsedPackage {
  const features = spec?.features ?? [];
  if (!features.every((feature) => featurePattern.test(feature)))
    return { refused: "one of its features is no feature's name", expected };
  const extras = features.length === 0 ? {} : { extras: features };
  const at = text.indexOf("@", 1);
  const name = at === -1 ? text : text.slice(0, at);
  const suffix = at === -1 ? null : text.slice(at + 1);
  if (!namePattern.test(name)) return { refused: reasonAgainst(text), expected };
  if (suffix === null) return { package: { name, ...extras } };
  const version = exactPattern.exec(suffix)?.[1];
  if (version !== undefined) return { package: { name, version, ...extras } };
  if (rangePattern.test(suffix)) return { package: { name, range: suffix, ...extras } };
  return { refused: "what follows the @ is no version of a crate", expected };
}

function reasonAgainst(text: string): string {
  if (text.startsWith("-")) return "cargo reads it as an option";
  if (text.startsWith("+")) return "it names a toolchain";
  if (/:\/\/|#/.test(text)) return "cargo fetches it from outside the registry";
  if (/[/\\]|^[.~]/.test(text)) return "it is a path";
  return "it is not the name of a crate";
}

function provide({ bin, package: { name, version, range, extras } }: PackageRequest): Provision {
  const row = findSourceRow("cargo", name);
  if (row !== null && !row.bins.includes(bin)) {
    return { failure: `the crate ${name} has no command ${bin}: it has ${row.bins.join(", ")}` };
  }
  const known = row?.answer.kind === "cargo" ? row.answer : null;
  const exact = version ?? known?.version ?? undefined;
  const features = extras ?? known?.features;
  const recipe: CargoRecipe = {
    kind: "cargo",
    package: name,
    ...(exact !== undefined && { version: exact }),
    ...(features !== undefined && { features }),
    ...(known?.debian !== undefined && { debian: known.debian }),
    bins: row?.bins ?? [bin],
  };
  if (exact === undefined) {
    const named = range === undefined ? "no version is named" : `${range} is no exact version`;
    return { recipe, unpinned: `${named}, so every build takes the newest` };
  }
  return range === undefined ? { recipe } : { recipe, unpinned: `${range} is no pin: ${exact} is taken` };
}
