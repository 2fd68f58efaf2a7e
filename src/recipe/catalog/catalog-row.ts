import { archiveKindOf } from "../archive-kind.ts";
import type { CargoRecipe, DownloadRecipe } from "../recipe.ts";
import { type RecipePlatform, recipePlatforms } from "../resolve-context.ts";

/** What provides a row's commands on Linux; `none`: nothing that this version builds, and what a user can do. */
export type CatalogAnswer =
  | {
      readonly kind: "apt";
      readonly package: string;
      readonly with?: readonly string[];
      /** Command → what Debian ships for it: another name, or a folder that is not on a plain user's PATH. */
      readonly links?: Readonly<Record<string, string>>;
    }
  /** Version and commands come from the npm pins. */
  | { readonly kind: "npm"; readonly package: string }
  /** Version comes from the Python pins. */
  | { readonly kind: "python"; readonly package: string }
  | { readonly kind: "node" }
  /** A command by its import path; its row's one command is what it is called, whatever Go would call it. */
  | { readonly kind: "go"; readonly package: string; readonly version: string | null }
  | {
      readonly kind: "cargo";
      readonly package: string;
      readonly version: string | null;
      readonly features?: readonly string[];
      readonly debian?: readonly string[];
    }
  /** A release file for each platform that the project publishes for. */
  | {
      readonly kind: "download";
      readonly recipes: Readonly<Partial<Record<RecipePlatform, DownloadRecipe>>>;
    }
  | { readonly kind: "none"; readonly hint: string };

/** The ways in which install entries can name a program. */
export type NamingKind = "brew" | "apt" | "npm" | "python" | "go" | "cargo" | "download";

/** Ecosystems whose packages have versions that a skill can name. */
export type PublishedKind = "npm" | "python" | "go" | "cargo";

/** One well-known program: its commands, what provides them on Linux, and the upstream fact behind that. */
export interface CatalogRow {
  readonly bins: readonly string[];
  readonly answer: CatalogAnswer;
  /** One line for people; for `none`, the reason why not. */
  readonly why: string;
  /**
   * What install entries call this program where that is not the command's or the package's own name: Homebrew
   * formulas and casks, Debian packages that do not exist or hold something else, Go modules, crates.
   */
  readonly namedAs?: Partial<Readonly<Record<NamingKind, readonly string[]>>>;
  /**
   * What the program's own authors publish it as elsewhere: a version that a skill names there is one of this program.
   * A skill that names none is not held to that ecosystem where `namedAs` lists the name, too.
   */
  readonly publishedAs?: Partial<Readonly<Record<PublishedKind, string>>>;
  /**
   * Another well-known program of this name: without an install entry or a homepage that tells them apart it is only a
   * proposal.
   */
  readonly confusedWith?: string;
  /** Where the program has its home, without `https://`: a skill with such a homepage means this program. */
  readonly homepages?: readonly string[];
  /** What gives the same program, older or slower, where the answer cannot be had. */
  readonly otherwise?: CatalogAnswer;
  /** Never the meaning of the bare command: this row answers only where an install entry names it. */
  readonly onlyWhenNamed?: true;
  /** Arguments that print a version, where `--version` does not. */
  readonly versionArgs?: Readonly<Record<string, readonly string[]>>;
  /** Where the answer holds; absent: everywhere. */
  readonly platforms?: readonly RecipePlatform[];
}

type RowDetails = Omit<CatalogRow, "bins" | "answer" | "why">;

/** A row for a Debian package; `bins` are separated by spaces. */
export function aptRow(
  name: string,
  bins: string,
  why: string,
  details: RowDetails & {
    readonly with?: readonly string[];
    readonly links?: Readonly<Record<string, string>>;
  } = {},
): CatalogRow {
  const { with: companions, links, ...rest } = details;
  const answer: CatalogAnswer = {
    kind: "apt",
    package: name,
    ...(companions && { with: companions }),
    ...(links && { links }),
  };
  return { bins: bins.split(" "), answer, why, ...rest };
}

/** A row for an npm package, which the npm pins must know; `bins` are separated by spaces. */
export function npmRow(name: string, bins: string, why: string, details: RowDetails = {}): CatalogRow {
  return { bins: bins.split(" "), answer: { kind: "npm", package: name }, why, ...details };
}

/** A row for a tool from a Python package index; `bins` are separated by spaces. */
export function pythonRow(name: string, bins: string, why: string, details: RowDetails = {}): CatalogRow {
  return { bins: bins.split(" "), answer: { kind: "python", package: name }, why, ...details };
}

/** How a project names its release files. */
export interface Release {
  /** `{version}` and `{arch}` in it, and in `files`, stand for what the two fields below say. */
  readonly url: string;
  /** Null: the address always leads to the newest release. */
  readonly version: string | null;
  /** Platforms that the project publishes for, and its word for each. */
  readonly arch: Readonly<Partial<Record<RecipePlatform, string>>>;
  /** As the project publishes them; a platform without one is recorded by the lock on first use. */
  readonly sha256?: Readonly<Partial<Record<RecipePlatform, string>>>;
  readonly stripComponents?: number;
  /** Command → file in the archive, after `stripComponents`; without one the command is looked for by its name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Debian packages that its commands do not run without. */
  readonly debian?: readonly string[];
}

/** A row for a project's own release files; `bins` are separated by spaces. */
export function downloadRow(
  release: Release,
  bins: string,
  why: string,
  details: RowDetails = {},
): CatalogRow {
  const names = bins.split(" ");
  const recipes = Object.fromEntries(
    recipePlatforms.flatMap((platform) => {
      const arch = release.arch[platform];
      return arch === undefined ? [] : [[platform, releaseRecipe(release, platform, arch, names)]];
    }),
  );
  return { bins: names, answer: { kind: "download", recipes }, why, ...details };
}

function releaseRecipe(
  { url, version, sha256, stripComponents = 0, files = {}, debian }: Release,
  platform: RecipePlatform,
  arch: string,
  bins: readonly string[],
): DownloadRecipe {
  const fill = (text: string) => text.replaceAll("{version}", version ?? "").replaceAll("{arch}", arch);
  const address = fill(url);
  return {
    kind: "download",
    package: address,
    ...(version !== null && { version }),
    sha256: sha256?.[platform] ?? null,
    archive: archiveKindOf(address),
    stripComponents,
    ...(debian && { debian }),
    bins,
    files: Object.fromEntries(Object.entries(files).map(([bin, path]) => [bin, fill(path)])),
  };
}

/** What a row for something that is built from source says of it. */
type SourceDetails = RowDetails & {
  /** Exact: `v1.2.3` for Go, `1.2.3` for a crate; absent where none is known to be there. */
  readonly version?: string;
};

/** A row for a command written in Go: its import path, and the one name that it gets. */
export function goRow(path: string, bin: string, why: string, details: SourceDetails = {}): CatalogRow {
  const { version = null, ...rest } = details;
  return { bins: [bin], answer: { kind: "go", package: path, version }, why, ...rest };
}

/** A row for a crate; `bins`, the commands that cargo installs from it, are separated by spaces. */
export function cargoRow(
  name: string,
  bins: string,
  why: string,
  details: SourceDetails & Pick<CargoRecipe, "features" | "debian"> = {},
): CatalogRow {
  const { version = null, features, debian, ...rest } = details;
  const answer: CatalogAnswer = {
    kind: "cargo",
    package: name,
    version,
    ...(features && { features }),
    ...(debian && { debian }),
  };
  return { bins: bins.split(" "), answer, why, ...rest };
}

/** A row for commands that nothing provides here, and why. */
export function noneRow(
  bins: string,
  why: string,
  details: RowDetails & { readonly hint?: string } = {},
): CatalogRow {
  const { hint = ownImage, ...rest } = details;
  return { bins: bins.split(" "), answer: { kind: "none", hint }, why, ...rest };
}

const ownImage = "Put it into an image of your own, and build on that one with --base-image";
/** For programs of another system. */
export const declareDarwin =
  'Declare os: ["darwin"] in SKILL.md, so that Linux sandboxes leave the skill out by themselves';
/** For compilers, which stay out of skills images. */
export const useCommon = "Build on the common image, which has toolchains: --base common";
