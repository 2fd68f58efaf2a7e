import type { Place } from "../diagnostic/diagnostic.ts";
import type { LibraryName } from "../recipe/library.ts";
import type { ArchiveKind } from "../recipe/recipe.ts";
import type { PartLock } from "./part-lock.ts";

export const platforms = ["linux/amd64", "linux/arm64"] as const;
export type Platform = (typeof platforms)[number];

/** Who asked for something: a skill's binary with its place, or a built-in image definition. */
export interface Requester {
  /** The skill's name, or `images/<name>.json5`. */
  readonly skill: string;
  /** Empty for a library, and for what a definition asks for as a whole: files, the user, packages without a command. */
  readonly bin: string;
  /** What was asked for is a library, by this name. */
  readonly library?: LibraryName;
  readonly place?: Place;
}

/** The image that this one stands on. */
export type ImageBelow =
  /**
   * An image from elsewhere: a Debian base, or one the operator named. `digest` is what a registry calls it
   * (`sha256:…`, rendered as `reference@digest`); `imageId` tells apart images that no registry knows.
   */
  | {
      readonly kind: "external";
      readonly reference: string;
      readonly digest: string | null;
      readonly imageId: string | null;
    }
  /** Another planned image, by its plan's hash. */
  | { readonly kind: "planned"; readonly name: string; readonly reference: string; readonly hash: string };

/** A place to work in that never reaches the final image: the image below plus Debian packages. */
export interface ToolchainStage {
  readonly kind: "toolchain";
  readonly id: string;
  readonly packages: readonly string[];
  /** Packages of which only they themselves are taken, not what they say they depend on. */
  readonly alone: readonly string[];
  /** A release of Go, which the Go of the packages or of the image below brings as a module. */
  readonly go?: PinnedPackage;
}

/**
 * The Node.js runtime, unpacked from npm's platform package, and beside it the npm that every other npm stage runs;
 * made with the `npm-client` toolchain. Two trees, since an image that only runs Node programs has no use for npm.
 */
export interface NodeTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "node";
  readonly id: string;
  readonly toolchain: string;
  /** The platform package. */
  readonly packages: readonly PinnedPackage[];
  /** `/opt/skills/<recipe>-<hash>`, here `/opt/skills/node-<hash>` */
  readonly output: string;
  readonly npm: PinnedPackage;
  /** `/opt/skills/npm-<hash>` */
  readonly npmOutput: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/** npm packages in a tree of their own: `<output>/bin`, `<output>/lib/node_modules`. */
export interface NpmTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "npm";
  readonly id: string;
  readonly toolchain: string;
  /** The stage whose Node runs npm here, or null where the image below has one. */
  readonly runtime: string | null;
  readonly packages: readonly PinnedPackage[];
  /** Command → file inside the first package, for commands that no package of the tree declares itself. */
  readonly links: Readonly<Record<string, string>>;
  /** Packages whose lifecycle scripts run, wherever in the tree they are, sorted; absent: none. */
  readonly scripts?: readonly string[];
  /** The program that its commands run on, absolute; absent: the image's own Node. */
  readonly node?: string;
  readonly output: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/** A Python tool in a virtual environment of its own at `output`. */
export interface PythonTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "python";
  /** May be left out, with a diagnostic, where no Python index can be reached. */
  readonly optional: boolean;
  readonly id: string;
  readonly toolchain: string;
  readonly packages: readonly PinnedPackage[];
  readonly output: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/**
 * Every Python library of the image that does not come from Debian, in one virtual environment that sees Debian's too.
 * `<output>/libraries.pth` names its folder of libraries, in the form that Python reads in `dist-packages`.
 */
export interface PythonLibrariesStage {
  readonly kind: "tree";
  readonly ecosystem: "python-libraries";
  readonly id: string;
  readonly toolchain: string;
  readonly packages: readonly PinnedPackage[];
  readonly output: string;
  readonly bins: readonly [];
  readonly requestedBy: readonly Requester[];
}

/** Every Node library of the image, in one `<output>/node_modules`. */
export interface NodeLibrariesStage {
  readonly kind: "tree";
  readonly ecosystem: "node-libraries";
  readonly id: string;
  readonly toolchain: string;
  /** The stage whose Node runs npm here, or null where the image below has one. */
  readonly runtime: string | null;
  readonly packages: readonly PinnedPackage[];
  readonly output: string;
  readonly bins: readonly [];
  readonly requestedBy: readonly Requester[];
}

/** A command written in Go, alone in a tree: `<output>/bin/<bin>`. */
export interface GoTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "go";
  readonly id: string;
  readonly toolchain: string;
  /** One: the import path of the command. */
  readonly packages: readonly PinnedPackage[];
  /** What the program is called in the tree, whatever Go calls it. */
  readonly command: string;
  readonly output: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/** The commands of a crate, and nothing else, in a tree: `<output>/bin`. */
export interface CargoTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "cargo";
  readonly id: string;
  readonly toolchain: string;
  /** One. */
  readonly packages: readonly PinnedPackage[];
  /** Beside its default features, sorted. */
  readonly features: readonly string[];
  readonly output: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/** A release file, as it is or unpacked, at `<output>/tree`, with links to its commands in `<output>/bin`. */
export interface DownloadTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "download";
  readonly id: string;
  readonly toolchain: string;
  /** One, whose name is the file's address. */
  readonly packages: readonly PinnedPackage[];
  /** 64 hex digits; null: whatever the address gives is taken and recorded. */
  readonly sha256: string | null;
  /** Null: the file is the program itself. */
  readonly archive: ArchiveKind | null;
  readonly stripComponents: number;
  /** Command → file in the unpacked tree; other commands are looked for by their names. */
  readonly files: Readonly<Record<string, string>>;
  readonly output: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/**
 * Homebrew formulas, which find each other only below `/home/linuxbrew`: all of an image in one tree, to which that
 * path leads.
 */
export interface BrewTreeStage {
  readonly kind: "tree";
  readonly ecosystem: "brew";
  readonly id: string;
  readonly toolchain: string;
  /** Formulas, sorted. */
  readonly packages: readonly PinnedPackage[];
  readonly output: string;
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

export interface PinnedPackage {
  readonly name: string;
  /** Exact, or null where nothing pins it yet. */
  readonly version: string | null;
  /** What versions will do, where none is exact: specifiers of Python packaging or of semver. */
  readonly range?: string;
  readonly extras?: readonly string[];
}

export type TreeStage =
  | NodeTreeStage
  | NpmTreeStage
  | PythonTreeStage
  | GoTreeStage
  | CargoTreeStage
  | PythonLibrariesStage
  | NodeLibrariesStage
  | DownloadTreeStage
  | BrewTreeStage;
export type BuildStage = ToolchainStage | TreeStage;

interface LayerBase {
  readonly id: string;
  /** A few words for progress displays: `apt ffmpeg`, `npm mcporter@0.7.3`. */
  readonly title: string;
  /** Everyone who asked for this layer, sorted; a failed build is shown at their places. */
  readonly requestedBy: readonly Requester[];
}

export type Layer =
  /** Debian packages, without recommends. */
  | (LayerBase & { readonly kind: "packages"; readonly packages: readonly string[] })
  /** Results of tree stages, copied to the same paths: one tree a layer, several where the layer limit asks for it. */
  | (LayerBase & { readonly kind: "trees"; readonly trees: readonly CopiedTree[] })
  /** Names in `/usr/local/bin` (on every PATH that Debian sets). */
  | (LayerBase & { readonly kind: "links"; readonly links: readonly Link[] })
  /** Files that come with an image definition. */
  | (LayerBase & { readonly kind: "files"; readonly files: readonly PlannedFile[] })
  /** The user that sandboxes run as, and folders that any user may write. */
  | (LayerBase & { readonly kind: "user"; readonly user: SandboxUser; readonly writable: readonly string[] });

export type LayerKind = Layer["kind"];

export interface CopiedTree {
  /** The stage's id. */
  readonly stage: string;
  /** The folder in the stage and in the image. */
  readonly path: string;
}

export interface Link {
  /** Absolute path of the new name. */
  readonly path: string;
  /** Absolute path it leads to. */
  readonly target: string;
}

export interface PlannedFile {
  /** Relative to the folder of image definitions, `/`-separated. */
  readonly source: string;
  readonly target: string;
  /** Permission bits, e.g. 0o755. */
  readonly mode: number;
  readonly sha256: string;
}

export interface SandboxUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface ImageConfig {
  /** Name of the user that the finished image runs as; null: the image below has none but root. */
  readonly user: string | null;
  readonly workdir: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
  /** Ports as `9222/tcp`. */
  readonly expose: readonly string[];
}

/** A binary that must run inside the finished image. */
export interface PromisedBinary {
  readonly name: string;
  /** Arguments that print a version, where known (`["--version"]`); null: found out by the probe. */
  readonly versionArgs: readonly string[] | null;
  readonly requestedBy: readonly Requester[];
}

/** A library that must be importable inside the finished image. */
export interface PromisedLibrary extends LibraryName {
  readonly requestedBy: readonly Requester[];
}

export interface LockedParts {
  /** When the Debian index was read, as snapshot archives write it: `20261122T051500Z`. */
  readonly indexReadAt: string;
  /** By id of a stage or layer; a part that takes nothing from anywhere has none. */
  readonly parts: Readonly<Record<string, PartLock>>;
}

/**
 * Everything about one image before anything is built. Plain JSON without a word of Dockerfile in it; equal input gives
 * an equal plan, whatever the order of folders, the locale or the time.
 */
export interface ImagePlan {
  readonly format: "skillcrate/image-plan@1";
  /** `base`, `common`, `browser`, or the name of a skills image. */
  readonly name: string;
  /** What the finished image is called, e.g. `openclaw-sandbox:bookworm-slim`. */
  readonly tag: string;
  readonly platform: Platform;
  readonly below: ImageBelow;
  /** Names the state of the apt index that packages come from; a new value rebuilds every package layer. */
  readonly aptEpoch: string;
  /** Names what of a network's settings was asked to stay in the image (`keptSettings`); absent: nothing. */
  readonly keeps?: string;
  readonly stages: readonly BuildStage[];
  /** In build order. */
  readonly layers: readonly Layer[];
  readonly config: ImageConfig;
  /** Sorted by name. */
  readonly promises: readonly PromisedBinary[];
  /** Sorted by language, kind of name and name; absent: none. */
  readonly libraries?: readonly PromisedLibrary[];
  /** What the parts are made from, exactly; absent: whatever the indexes have when it is built. */
  readonly locked?: LockedParts;
  /**
   * 64 hex digits: SHA-256 over everything that shapes the image. Who asked (`requestedBy`, places, titles) is left
   * out, so that editing the text of a SKILL.md changes nothing; so is what the image is called.
   */
  readonly hash: string;
}
