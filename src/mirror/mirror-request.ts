import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceKind } from "../skill/merge-sources.ts";

/** One skill folder to copy. */
export interface SkillToMirror {
  readonly name: string;
  /** Absolute; neither a link itself nor below one: every component is opened without following links. */
  readonly dir: string;
  readonly source: SourceKind;
}

/** What is above a limit refuses its skill before any of the skill's bytes are read. */
export interface MirrorLimits {
  /** Files, links and folders. */
  readonly maxFilesPerSkill: number;
  readonly maxBytesPerSkill: number;
  readonly maxBytesPerFile: number;
  /** Levels of folders below the skill's own. */
  readonly maxDepth: number;
  /** In bytes of UTF-8. */
  readonly maxNameBytes: number;
  /** From the skill's folder, in bytes of UTF-8. */
  readonly maxPathBytes: number;
  /** Files, links and folders of all skills of one request. */
  readonly maxFiles: number;
  /** Of all skills of one request. */
  readonly maxBytes: number;
}

export interface MirrorRequest {
  readonly skills: readonly SkillToMirror[];
  /**
   * The folder that sandboxes mount read-only, and that this mirror alone writes:
   *
   *     .versions/<hash>/…             one whole skill, immutable
   *     .generations/<id>/<folder>     → ../../.versions/<hash>
   *     .generations/<id>/manifest.json
   *     .live                          → .generations/<id>; the one link that moves
   *     <folder>                       → .live/<folder>
   *
   * A folder that holds anything else is refused, see `adopt`.
   */
  readonly targetDir: string;
  /** Of the host alone: what was copied from where, leases, the lock. */
  readonly recordsDir: string;
  /** Shared by all scopes on one file system: identical skills once. Null: every target holds its own bytes. */
  readonly storeDir: string | null;
  /** The user inside the sandbox: files are shared by hard link only where they do not belong to it. */
  readonly sandboxUid: number;
  readonly limits?: Partial<MirrorLimits>;
  /** Generations without a lease that stay for readers that are under way; default 1. */
  readonly keepGenerations?: number;
  /**
   * For the change-over from a gateway that copied skills itself: whatever stands at `targetDir` and is not a mirror of
   * this `recordsDir` is renamed to `<targetDir>.replaced-<n>` instead of being refused. Default false.
   */
  readonly adopt?: boolean;
  /** Whether {@link MirrorResult.visited} is wanted, some hundred paths for fifty skills; default true. */
  readonly tellVisited?: boolean;
  readonly signal?: AbortSignal;
}

export interface GenerationSkill {
  readonly name: string;
  /** Its folder in the mirror: a slug of ours, unique in a generation. */
  readonly folder: string;
  readonly source: SourceKind;
  /** Over paths, modes, links and contents. */
  readonly sha256: string;
  readonly files: number;
  readonly bytes: number;
}

/** One complete, immutable set of skills. */
export interface Generation {
  /** 32 hex digits over the skills and their hashes: equal content has an equal id. */
  readonly id: string;
  readonly skills: readonly GenerationSkill[];
}

/** `manifest.json` of a generation: readable inside; no host path in it. */
export interface MirrorManifest extends Generation {
  readonly format: "skillcrate/mirror@1";
  readonly entries: readonly ManifestEntry[];
}

export type ManifestEntry =
  | {
      readonly type: "file";
      /** From the generation's folder: `<folder>/scripts/run.sh`. */
      readonly path: string;
      /** `0644` or `0755` as a number. */
      readonly mode: number;
      readonly size: number;
      readonly sha256: string;
    }
  | { readonly type: "link"; readonly path: string; readonly target: string }
  /** Only folders without anything in them; the others follow from what they hold. */
  | { readonly type: "folder"; readonly path: string };

export interface MirrorResult {
  readonly generation: Generation;
  /** Whether another generation was live before. */
  readonly changed: boolean;
  /** What was read and written anew; 0 and 0 where nothing changed. */
  readonly copied: { readonly files: number; readonly bytes: number };
  /** Skills that are not in the generation, each with the diagnostic that says why. */
  readonly refused: readonly { readonly skill: SkillToMirror; readonly diagnostic: Diagnostic }[];
  /** What was left out of mirrored skills (`.git`, `.env`, keys…), and collisions. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Every folder and file of the host that decided the result, absolute, and the mirror's `.live`: if none changed,
   * neither does the result. Empty where it is not wanted.
   */
  readonly visited: readonly string[];
}

/** Holds a generation for a reader until it is released, or until the process that took it ends. */
export interface GenerationLease {
  readonly generation: string;
  /** The generation's folder, absolute: it never shows another one. */
  readonly path: string;
  release(): void;
}
