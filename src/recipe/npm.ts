import type { DeclaredPackage, Ecosystem, PackageRequest, ParsedPackage, Provision } from "./ecosystem.ts";
import { fitsSemverRange } from "./fits-semver-range.ts";
import { chooseNode, nodeRuntime } from "./node-runtime.ts";
import type { NpmPin } from "./npm-pin.ts";
import { npmMissing, npmPins, npmPinsDate } from "./npm-pins.ts";
import type { Companion, NpmRecipe } from "./recipe.ts";
import type { RecipePlatform } from "./resolve-context.ts";

/** Packages of the npm registry, each in a tree of its own, installed without lifecycle scripts. */
export const npm: Ecosystem = {
  kind: "npm",
  installKinds: ["node"],
  naming: "npm",
  parsePackage,
  provide,
  knownBins: (name) => npmPins.get(name)?.bins ?? null,
};

// The registry's own rules for names (new packages: lower case, at most 214 characters, no leading dot or underscore).
const namePattern = /^(?:@[a-z0-9][a-z0-9._~-]*\/)?[a-z0-9][a-z0-9._~-]*$/;
/** npm reads a name with such an ending as a file beside it. */
const archive = /\.(?:tgz|tar|tar\.gz)$/i;
// Semantic Versioning 2.0.0, all three numbers.
const exactPattern = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
// One comparator or a tag; no character that starts another kind of specifier (`:`, `/`, spaces).
const rangePattern = /^(?:(?:[~^]|[<>]?=?)[0-9xX*][0-9A-Za-z.*+-]*|[A-Za-z][0-9A-Za-z.-]*)$/;
const expected = "a package of the npm registry such as mcporter, @scope/name or name@1.2.3";
const longest = 214;

function parsePackage(text: string): ParsedPackage {
  const at = text.indexOf("@", 1);
  const name = at === -1 ? text : text.slice(0, at);
  const suffix = at === -1 ? null : text.slice(at + 1);
  if (!namePattern.test(name) || archive.test(name) || name.length > longest)
    return { refused: reasonAgainst(text), expected };
  if (suffix === null) return { package: { name } };
  if (exactPattern.test(suffix)) return { package: { name, version: suffix } };
  // The tag that every installation takes by itself.
  if (suffix === "latest") return { package: { name } };
  if (rangePattern.test(suffix) && suffix.length <= longest) return { package: { name, range: suffix } };
  return { refused: reasonAgainst(suffix), expected };
}

function reasonAgainst(text: string): string {
  if (text.startsWith("-")) return "npm reads it as an option";
  if (/^npm:/i.test(text)) return "an alias hides which package is meant";
  if (/^(?:file:|[./~])/i.test(text) || archive.test(text)) return "npm reads it as a local path";
  if (/^(?:git|github|gitlab|bitbucket|https?|ssh)\b.*:/i.test(text))
    return "npm fetches it from outside the registry";
  if (text.includes("/") && !text.startsWith("@")) return "npm reads it as a repository of a code host";
  return "it is not a package name of the npm registry";
}

function provide({ bin, package: declared, companions, platform }: PackageRequest): Provision {
  const pin = npmPins.get(declared.name);
  if (pin === undefined) return provideUnknown(bin, declared, companions);
  const failure = failureOf(pin, declared.name, bin, platform);
  if (failure !== null) return { failure };
  const runtime = chooseNode(pin.node);
  if (runtime === null) {
    return { failure: `the npm package ${declared.name} runs on Node ${pin.node} only, which cannot be had` };
  }
  const recipe: NpmRecipe = {
    ...recipeOf(pin, declared, platform, [...(pin.with ?? []), ...companions.map(toCompanion)]),
    ...(runtime !== nodeRuntime && { node: runtime.version }),
  };
  return {
    recipe,
    sizeMb: pin.treeMb,
    ...(recipe.range !== undefined && { unpinned: whyUnpinned(recipe.range) }),
  };
}

/** A package that nothing is known of: the skill's own word is taken for what it gives. */
function provideUnknown(
  bin: string,
  { name, version, range }: DeclaredPackage,
  companions: readonly DeclaredPackage[],
): Provision {
  if (version === undefined && npmMissing.has(name)) {
    return { failure: `the npm registry had no package ${name} when it was last asked (${npmPinsDate})` };
  }
  const others = companions.map(toCompanion);
  const recipe: NpmRecipe = {
    kind: "npm",
    package: name,
    ...(version !== undefined && { version }),
    ...(range !== undefined && { range }),
    ...(others.length > 0 && { with: others }),
    bins: [bin],
  };
  return { recipe, ...(version === undefined && { unpinned: whyUnpinned(range) }) };
}

function whyUnpinned(range: string | undefined): string {
  return range === undefined
    ? "no version is named, so every build takes the newest"
    : `${range} is no exact version, so every build takes the newest that fits`;
}

function failureOf(pin: NpmPin, name: string, bin: string, platform: RecipePlatform): string | null {
  if (!pin.bins.includes(bin)) {
    return `the npm package ${name} has no command ${bin}: it has ${pin.bins.join(", ") || "none"}`;
  }
  if (!runsOnLinux(pin.os ?? [])) return `the npm package ${name} is for ${pin.os?.join(", ")} only`;
  if (pin.platformPackages !== undefined && pin.platformPackages[platform] === undefined) {
    return `the npm package ${name}@${pin.version} has no program for ${platform}`;
  }
  return null;
}

/** The meaning of `os` in a package.json: names to be on, or names with `!` to be off. */
function runsOnLinux(systems: readonly string[]): boolean {
  const wanted = systems.filter((system) => !system.startsWith("!"));
  return !systems.includes("!linux") && (wanted.length === 0 || wanted.includes("linux"));
}

function recipeOf(
  pin: NpmPin,
  { name, version, range }: DeclaredPackage,
  platform: RecipePlatform,
  others: readonly Companion[],
): NpmRecipe {
  return {
    kind: "npm",
    package: pin.platformPackages?.[platform] ?? name,
    ...chooseVersion(pin, version, range),
    ...(others.length > 0 && { with: others }),
    bins: pin.bins,
    ...(pin.files && { links: pin.files }),
  };
}

/** The skill's exact version, else the pinned one where it fits the skill's range, else whatever does. */
function chooseVersion(
  pin: NpmPin,
  version: string | undefined,
  range: string | undefined,
): Pick<NpmRecipe, "version" | "range"> {
  if (version !== undefined) return { version };
  return range === undefined || fitsSemverRange(pin.version, range) ? { version: pin.version } : { range };
}

function toCompanion({ name, version, range }: DeclaredPackage): Companion {
  const pin = npmPins.get(name);
  if (pin !== undefined) return { package: name, ...chooseVersion(pin, version, range) };
  return { package: name, ...(version !== undefined && { version }), ...(range !== undefined && { range }) };
}
