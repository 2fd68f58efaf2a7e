import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { InstallSpec, Skill } from "../skill/skill.ts";
import type { NamingKind } from "./catalog/catalog-row.ts";
import { type DeclaredPackage, type Ecosystem, ecosystemOf } from "./ecosystem.ts";
import { canonicalName } from "./python.ts";
import { uniteVersions } from "./unite-companions.ts";

/** An install entry that applies to Linux, with its packages taken apart. */
export interface InstallEntry {
  readonly spec: InstallSpec;
  /** `install.0`: where it stands in the list. */
  readonly key: string;
  /** Null: this version does not build such entries. */
  readonly ecosystem: Ecosystem | null;
  readonly packages: readonly DeclaredPackage[];
  /** How it names the program, for comparison with the catalog. */
  readonly naming: NamingKind | null;
  readonly names: readonly string[];
}

export interface ReadInstallResult {
  readonly entries: readonly InstallEntry[];
  /** Packages that must not reach an installer; one of them refuses the whole skill. */
  readonly refusals: readonly Diagnostic[];
}

/** The install entries of a skill as far as they apply to Linux. */
export function readInstall(skill: Skill): ReadInstallResult {
  const results = skill.install.flatMap((spec, index) => {
    if (spec.os.length > 0 && !spec.os.includes("linux")) return [];
    return [readInstallEntry(spec, `install.${index}`)];
  });
  return {
    entries: results.map(({ entry }) => entry),
    refusals: results.flatMap(({ refusals }) => refusals),
  };
}

/** One entry, with its packages taken apart; `key` says where it stands, for people. */
export function readInstallEntry(
  spec: InstallSpec,
  key: string,
): { readonly entry: InstallEntry; readonly refusals: readonly Diagnostic[] } {
  const refusals: Diagnostic[] = [];
  const ecosystem = ecosystemOf(spec.kind);
  const packages: DeclaredPackage[] = [];
  for (const text of ecosystem?.namesIn?.(spec) ?? spec.packages) {
    const parsed = ecosystem?.parsePackage(text, spec);
    if (parsed === undefined) continue;
    if ("package" in parsed) packages.push(parsed.package);
    else refusals.push(refusal(spec, text, parsed.refused, parsed.expected));
  }
  const once = ecosystem === null ? { packages, clashes: [] } : uniteDeclared(ecosystem, packages);
  refusals.push(...once.clashes.map((name) => contradiction(spec, key, name, packages)));
  return {
    entry: { spec, key, ecosystem, packages: once.packages, ...identify(spec, ecosystem, once.packages) },
    refusals,
  };
}

/** Each package once, at a version that is right for all places that name it; `clashes`: names of those without one. */
function uniteDeclared(
  { kind, naming }: Ecosystem,
  packages: readonly DeclaredPackage[],
): { readonly packages: readonly DeclaredPackage[]; readonly clashes: readonly string[] } {
  const united = new Map<string, DeclaredPackage>();
  const clashes = new Set<string>();
  for (const declared of packages) {
    const key = naming === "python" ? canonicalName(declared.name) : declared.name;
    const known = united.get(key);
    const wish = uniteVersions(kind, known === undefined ? [declared] : [known, declared]);
    if (wish === null) clashes.add(declared.name);
    else united.set(key, { ...declared, ...known, ...wish });
  }
  return { packages: [...united.values()], clashes: [...clashes] };
}

function contradiction(
  spec: InstallSpec,
  key: string,
  name: string,
  packages: readonly DeclaredPackage[],
): Diagnostic {
  const wishes = packages
    .filter((each) => each.name === name)
    .map(({ version, range }) => version ?? range ?? "any");
  return {
    code: "RECIPE_PACKAGE_TWICE",
    severity: "error",
    message: `${key} asks for ${quoteValue(name)} at ${wishes.map(quoteValue).join(" and at ")}, and no version is both.`,
    hint: "Name each package once, or in an entry of its own with the commands that need it.",
    place: spec.place,
  };
}

function refusal(spec: InstallSpec, text: string, reason: string, expected: string): Diagnostic {
  return {
    code: "RECIPE_PACKAGE_REFUSED",
    severity: "error",
    message: `The ${spec.declaredKind} package ${quoteValue(text.replace(login, "***@"))} is refused: ${reason}.`,
    hint: `Write ${expected}.`,
    place: spec.place,
  };
}

/** Of an address: no password of a skill is repeated. */
const login = /(?<=\/\/)[^/\s]*@/g;

function identify(
  spec: InstallSpec,
  ecosystem: Ecosystem | null,
  packages: readonly DeclaredPackage[],
): Pick<InstallEntry, "naming" | "names"> {
  if (ecosystem !== null) return { naming: ecosystem.naming, names: packages.map(({ name }) => name) };
  if (spec.kind !== "brew") return { naming: null, names: [] };
  return { naming: "brew", names: present(formulaOf(spec), spec.cask, ...spec.packages) };
}

/** A formula of a tap is written whole, or as its last part beside `tap`. */
function formulaOf({ formula, tap }: InstallSpec): string | undefined {
  return formula === undefined || tap === undefined || formula.includes("/") ? formula : `${tap}/${formula}`;
}

function present(...names: readonly (string | undefined)[]): string[] {
  return names.filter((name): name is string => name !== undefined && name !== "");
}
