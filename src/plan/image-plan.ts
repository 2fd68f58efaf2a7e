import type { Place } from "../diagnostic/diagnostic.ts";
import type { LibraryName } from "../recipe/library.ts";
import type { BuildStage } from "./build-stage.ts";
import type { LockedParts } from "./part-lock.ts";

export type {
  BrewTreeStage,
  BuildStage,
  CargoTreeStage,
  DownloadTreeStage,
  GoTreeStage,
  NodeLibrariesStage,
  NodeTreeStage,
  NpmTreeStage,
  PinnedPackage,
  PythonLibrariesStage,
  PythonTreeStage,
  ToolchainStage,
  TreeStage,
} from "./build-stage.ts";

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
  /** Of what is installed together with others (libraries, Debian packages): the one that was chosen for this. */
  readonly package?: string;
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
  /** How an engine finds out whether the image's program works; absent: not at all. */
  readonly healthcheck?: Healthcheck;
  /** Ports as `9222/tcp`. */
  readonly expose: readonly string[];
}

export interface Healthcheck {
  /** Ends with 0 while all is well. */
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** For this long after the start a failure does not count. */
  readonly startSeconds: number;
  readonly retries: number;
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
  /** A word for the moment at which trees without a lock are taken anew, whatever a cache has; absent: from the cache. */
  readonly takenAt?: string;
  /**
   * 64 hex digits: SHA-256 over everything that shapes the image. Who asked (`requestedBy`, places, titles) is left
   * out, so that editing the text of a SKILL.md changes nothing; so is what the image is called.
   */
  readonly hash: string;
}
