import type { InstallKind, InstallSpec } from "../skill/skill.ts";
import { apt } from "./apt.ts";
import { cargo } from "./cargo.ts";
import type { NamingKind } from "./catalog/catalog-row.ts";
import { download } from "./download.ts";
import { go } from "./go.ts";
import { npm } from "./npm.ts";
import { python } from "./python.ts";
import type { ArchiveKind, Recipe, RecipeKind } from "./recipe.ts";
import type { RecipePlatform } from "./resolve-context.ts";

/** A package as an install entry names it, taken apart. */
export interface DeclaredPackage {
  readonly name: string;
  /** Exact. */
  readonly version?: string;
  /** A tag or a range: it narrows the choice and pins nothing. */
  readonly range?: string;
  readonly extras?: readonly string[];
  /** Of a download, whose name is its address. */
  readonly file?: DeclaredFile;
}

/** What an install entry says of the file that it downloads. */
export interface DeclaredFile {
  /** 64 hex digits; null: none is declared. */
  readonly sha256: string | null;
  readonly archive: ArchiveKind | null;
  readonly stripComponents: number;
  /** Command → file in the unpacked tree; a command that is not here is looked for by its name. */
  readonly files: Readonly<Record<string, string>>;
}

export type ParsedPackage =
  | { readonly package: DeclaredPackage }
  /** Why this text must not reach an installer; `expected` says what would be taken. */
  | { readonly refused: string; readonly expected: string };

export interface PackageRequest {
  readonly bin: string;
  readonly package: DeclaredPackage;
  /** Further packages of the same install entry that give none of its commands. */
  readonly companions: readonly DeclaredPackage[];
  readonly platform: RecipePlatform;
}

export type Provision =
  | {
      readonly recipe: Recipe;
      /** Why the recipe has no exact version although it should; absent where it has, or a lock will pin it. */
      readonly unpinned?: string;
      /** Megabytes that it adds, where known. */
      readonly sizeMb?: number;
    }
  | { readonly failure: string };

/**
 * One way to build: the grammar of its packages and the recipe for one of them. A new ecosystem is a file that exports
 * one of these, and a row in the table below.
 */
export interface Ecosystem {
  readonly kind: RecipeKind;
  /** Kinds of install entries that it builds. */
  readonly installKinds: readonly InstallKind[];
  readonly naming: NamingKind;
  /** The texts of an install entry that name its packages; absent: `packages`. */
  readonly namesIn?: (spec: InstallSpec) => readonly string[];
  /** `spec`: the entry that the text stands in, where there is one. */
  readonly parsePackage: (text: string, spec?: InstallSpec) => ParsedPackage;
  readonly provide: (request: PackageRequest) => Provision;
  /** Commands that the package is known to give; null where nothing is known of it. */
  readonly knownBins: (name: string) => readonly string[] | null;
}

/** Cheapest first: what is shared and small before what brings a runtime or a tree of its own. */
export const ecosystems: readonly Ecosystem[] = [apt, npm, python, download, go, cargo];

export function ecosystemOf(kind: InstallKind | null): Ecosystem | null {
  return ecosystems.find(({ installKinds }) => kind !== null && installKinds.includes(kind)) ?? null;
}

/** Which recipes cost less, as a rule: ecosystems in their order, Homebrew last. */
export function costRankOf(kind: RecipeKind): number {
  return kind === "brew" ? ecosystems.length : ecosystems.findIndex((ecosystem) => ecosystem.kind === kind);
}
