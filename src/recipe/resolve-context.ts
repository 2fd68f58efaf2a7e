import type { DebianModules } from "./debian-modules.ts";
import type { DebianPackages } from "./debian-packages.ts";
import type { Overlay } from "./overlay.ts";
import type { RecipeKind } from "./recipe.ts";
import type { SkillNeeds } from "./skill-needs.ts";

export const recipePlatforms = ["linux/amd64", "linux/arm64"] as const;
export type RecipePlatform = (typeof recipePlatforms)[number];

/** What a resolution depends on besides the skills themselves. */
export interface ResolveContext {
  readonly platform: RecipePlatform;
  /** Commands of the image below → the name of the image that has them, e.g. `rg` → `base`. */
  readonly below: ReadonlyMap<string, string>;
  /** Debian packages that the images below are made with; what they depend on is there too. */
  readonly packagesBelow?: readonly string[];
  /** Commands whose proposals are taken. */
  readonly accept?: ReadonlySet<string>;
  /** Whether formulas that nothing else answers may be built with Homebrew; default: no. */
  readonly homebrew?: boolean;
  /** Ecosystems that are left out → the reason, e.g. `python` → "no Python package index can be reached". */
  readonly disabledKinds?: ReadonlyMap<RecipeKind, string>;
  /** Recipes that a build could not carry out → the reason, by `recipeKey`. */
  readonly failedRecipes?: ReadonlyMap<string, string>;
  /** The user's own corrections, which come before everything that a skill says. */
  readonly overlay?: Pick<Overlay, "skills" | "bins">;
  /** Folder of a skill → what its files use. */
  readonly needs?: ReadonlyMap<string, SkillNeeds>;
  /** Which Debian package ships a command. */
  readonly debianIndex?: DebianIndex;
  /** Versions, sizes and dependencies of Debian packages. */
  readonly debianPackages?: DebianPackages;
  /** Which Debian package ships a Python module. */
  readonly debianModules?: DebianModules;
}

/** A name match only: what it finds is proposed, never taken by itself. */
export interface DebianIndex {
  /** Every package with a file of this name in a folder for commands; the caller chooses. */
  filesNamed(bin: string): readonly DebianFile[];
  /** The commands of a package, sorted. The first call reads the whole table: for what is missing, and for people. */
  commandsOf(name: string): readonly string[];
}

export interface DebianFile {
  readonly package: string;
  /** Absolute. */
  readonly path: string;
}
