import type { ArchiveKind } from "../recipe/recipe.ts";
import type { Requester } from "./image-plan.ts";

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

/** A stage of which one folder reaches the finished image. */
interface TreeStageBase {
  readonly kind: "tree";
  readonly id: string;
  /** The stage it stands on. */
  readonly toolchain: string;
  readonly packages: readonly PinnedPackage[];
  /** `/opt/skills/<recipe>-<hash>` */
  readonly output: string;
  /** Commands that were asked for. */
  readonly bins: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/**
 * The Node.js runtime, unpacked from npm's platform package, and beside it the npm that every other npm stage runs.
 * Python makes them, in the `npm-client` toolchain. Two trees, since an image that only runs Node programs has no use for
 * npm.
 */
export interface NodeTreeStage extends TreeStageBase {
  readonly ecosystem: "node";
  /** The platform package. */
  readonly packages: readonly PinnedPackage[];
  /** `/opt/skills/<recipe>-<hash>`, here `/opt/skills/node-<hash>` */
  readonly output: string;
  readonly npm: PinnedPackage;
  /** `/opt/skills/npm-<hash>` */
  readonly npmOutput: string;
}

/** npm packages in a tree of their own: `<output>/bin`, `<output>/lib/node_modules`. */
export interface NpmTreeStage extends TreeStageBase {
  readonly ecosystem: "npm";
  /** The stage whose Node runs npm here, or null where the image below has one. */
  readonly runtime: string | null;
  /** Command → file inside the first package, for commands that no package of the tree declares itself. */
  readonly links: Readonly<Record<string, string>>;
  /** Packages whose lifecycle scripts run, wherever in the tree they are, sorted; absent: none. */
  readonly scripts?: readonly string[];
  /** The program that its commands run on, absolute; absent: the image's own Node. */
  readonly node?: string;
}

/** A Python tool in a virtual environment of its own at `output`. */
export interface PythonTreeStage extends TreeStageBase {
  readonly ecosystem: "python";
  /** May be left out, with a diagnostic, where no Python index can be reached. */
  readonly optional: boolean;
}

/**
 * Every Python library of the image that does not come from Debian, in one virtual environment that sees Debian's too.
 * `<output>/libraries.pth` names its folder of libraries, in the form that Python reads in `dist-packages`.
 */
export interface PythonLibrariesStage extends TreeStageBase {
  readonly ecosystem: "python-libraries";
  readonly bins: readonly [];
}

/** Every Node library of the image, in one `<output>/node_modules`. */
export interface NodeLibrariesStage extends TreeStageBase {
  readonly ecosystem: "node-libraries";
  /** The stage whose Node runs npm here, or null where the image below has one. */
  readonly runtime: string | null;
  /** Those whose lifecycle scripts run; absent: none. */
  readonly scripts?: readonly string[];
  readonly bins: readonly [];
}

/** A command written in Go, alone in a tree: `<output>/bin/<bin>`. */
export interface GoTreeStage extends TreeStageBase {
  readonly ecosystem: "go";
  /** One: the import path of the command. */
  readonly packages: readonly PinnedPackage[];
  /** What the program is called in the tree, whatever Go calls it. */
  readonly command: string;
}

/** The commands of a crate, and nothing else, in a tree: `<output>/bin`. */
export interface CargoTreeStage extends TreeStageBase {
  readonly ecosystem: "cargo";
  /** One. */
  readonly packages: readonly PinnedPackage[];
  /** Beside its default features, sorted. */
  readonly features: readonly string[];
}

/** A release file, as it is or unpacked, at `<output>/tree`, with links to its commands in `<output>/bin`. */
export interface DownloadTreeStage extends TreeStageBase {
  readonly ecosystem: "download";
  /** One, whose name is the file's address. */
  readonly packages: readonly PinnedPackage[];
  /** 64 hex digits; null: whatever the address gives is taken and recorded. */
  readonly sha256: string | null;
  /** Null: the file is the program itself. */
  readonly archive: ArchiveKind | null;
  readonly stripComponents: number;
  /** Command → file in the unpacked tree; other commands are looked for by their names. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Homebrew formulas, which find each other only below `/home/linuxbrew`: all of an image in one tree, to which that
 * path leads.
 */
export interface BrewTreeStage extends TreeStageBase {
  readonly ecosystem: "brew";
  /** Formulas, sorted. */
  readonly packages: readonly PinnedPackage[];
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
