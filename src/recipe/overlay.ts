import type { Place } from "../diagnostic/diagnostic.ts";
import type { InstallSpec } from "../skill/skill.ts";
import type { RecipePlatform } from "./resolve-context.ts";

/** Ecosystems as the overlay allows and denies them; each covers the programs and the libraries of its index. */
export const ecosystemNames = ["apt", "npm", "python", "go", "cargo", "download", "brew"] as const;
export type EcosystemName = (typeof ecosystemNames)[number];

/**
 * The user's own word (`skillcrate.json5`), normalised: every list in place, every value through its grammar. What it
 * says of a skill or a command comes before what the skill and the catalog say.
 */
export interface Overlay {
  /** Absolute. */
  readonly file: string;
  /** Exact names before patterns, each in the order of the file; all that fit a skill count, earlier ones first. */
  readonly skills: readonly SkillCorrection[];
  /** Command → where it comes from, for every skill; one entry for each processor, or one for all. */
  readonly bins: Readonly<Record<string, readonly OverlayInstall[]>>;
  readonly ecosystems: {
    /** Null: all but `brew`. */
    readonly allow: readonly EcosystemName[] | null;
    readonly deny: readonly EcosystemName[];
  };
  readonly scripts: {
    /** npm packages whose lifecycle scripts may run. */
    readonly npm: readonly string[];
  };
  readonly network: OverlayNetwork;
  /** Sorted by name. */
  readonly images: readonly ImageProfile[];
}

/** What holds where there is no overlay; `file` is where it would be. */
export function emptyOverlay(file: string): Overlay {
  return {
    file,
    skills: [],
    bins: {},
    ecosystems: { allow: null, deny: [] },
    scripts: { npm: [] },
    network: {
      aptMirror: null,
      npmRegistry: null,
      pythonIndex: null,
      goProxy: null,
      cargoRegistry: null,
      snapshot: null,
    },
    images: [],
  };
}

/** What the overlay adds to the skills of one name or pattern, puts in the place of their own, or passes over. */
export interface SkillCorrection {
  /** A skill's name; `*` stands for any text, `?` for one character. */
  readonly pattern: string;
  readonly place: Place;
  readonly requires: {
    readonly bins: readonly AddedNeed[];
    readonly anyBins: readonly AddedNeed[];
    readonly python: readonly AddedLibrary[];
    readonly node: readonly AddedLibrary[];
  };
  readonly install: readonly OverlayInstall[];
  /** What the skill declares, or seems to use, and does not need. */
  readonly ignore: {
    readonly bins: readonly string[];
    readonly python: readonly string[];
    readonly node: readonly string[];
  };
}

export interface AddedNeed {
  readonly name: string;
  readonly place: Place;
}

/** A library by the name that programs import it under. */
export interface AddedLibrary extends AddedNeed {
  /** Versions that fit, in the notation of its index: `>=1.1,<2`, `^0.33.0`; null: any. */
  readonly range: string | null;
  /** Where the index has it under another name than it is imported under; null: not said. */
  readonly package: string | null;
}

export interface OverlayInstall {
  readonly spec: InstallSpec;
  /** Null: every one. */
  readonly platform: RecipePlatform | null;
  /** For people: `skills.weather.install.0`, `bins.jq`. */
  readonly key: string;
}

/** Mirrors and indexes, as written: their grammar is that of the network's options, which come before them. */
export interface OverlayNetwork {
  readonly aptMirror: string | null;
  readonly npmRegistry: string | null;
  readonly pythonIndex: string | null;
  readonly goProxy: string | null;
  readonly cargoRegistry: string | null;
  /** An archive of Debian's past, such as a snapshot service: what has left the mirror is fetched from it. */
  readonly snapshot: string | null;
}

/** A skills image that is always made of the same skills. */
export interface ImageProfile {
  readonly name: string;
  /** Names and patterns of skills; a leading `!` takes away what earlier ones took. */
  readonly skills: readonly string[];
  readonly base: "base" | "common";
  /** Folder of skills, absolute. */
  readonly from: string;
  readonly place: Place;
}
