import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";

/** `ok` as written · `recovered` after a repair that a diagnostic names · `invalid`: nothing of it is used. */
export type SkillState = "ok" | "recovered" | "invalid";

/** The four names under `metadata`; if several are present the first of this order wins. */
export const namespaces = ["openclaw", "clawdbot", "moltbot", "clawdis"] as const;
export type Namespace = (typeof namespaces)[number];

/** Systems as `process.platform` names them. */
export type SkillOs = "darwin" | "linux" | "win32";

export interface SkillRequires {
  /** All of these must be on PATH. */
  readonly bins: readonly string[];
  /** At least one of these must be on PATH. */
  readonly anyBins: readonly string[];
  /** Names of environment variables that must be set. */
  readonly env: readonly string[];
  /** Dotted paths in the gateway's configuration that must be truthy. */
  readonly config: readonly string[];
}

/** Kinds of installer that the reference format defines, after aliases (`npm` → `node`, `pip`/`pipx`/`python` kept). */
export type InstallKind =
  | "brew"
  | "node"
  | "go"
  | "uv"
  | "pip"
  | "pipx"
  | "python"
  | "cargo"
  | "apt"
  | "download";

/**
 * One entry of `install`, normalised. `kind` is null where the declared kind is not one that can be used
 * (`declaredKind` keeps the word): such an entry stays in the list and has a diagnostic, it is never dropped.
 */
export interface InstallSpec {
  readonly kind: InstallKind | null;
  readonly declaredKind: string;
  readonly id?: string;
  readonly label?: string;
  readonly bins: readonly string[];
  readonly os: readonly SkillOs[];
  /** node, uv, pip, pipx, python, cargo, apt: package names as declared (version suffixes and extras included). */
  readonly packages: readonly string[];
  readonly formula?: string;
  readonly cask?: string;
  readonly tap?: string;
  readonly module?: string;
  readonly url?: string;
  readonly sha256?: string;
  readonly archive?: string;
  readonly extract?: boolean;
  readonly stripComponents?: number;
  readonly targetDir?: string;
  /** cargo: of the crate. Only an overlay can name them. */
  readonly features?: readonly string[];
  /** download: command → its file in the unpacked archive. Only an overlay can name them. */
  readonly files?: Readonly<Record<string, string>>;
  readonly place: Place;
}

/** A skill folder as its SKILL.md describes it. Plain JSON; equal text gives an equal value. */
export interface Skill {
  /** From the head, else the folder's name. */
  readonly name: string;
  /** The skill's folder, absolute. */
  readonly dir: string;
  /** The SKILL.md, absolute. */
  readonly file: string;
  readonly state: SkillState;
  readonly description: string;
  readonly homepage?: string;
  readonly license?: string;
  readonly emoji?: string;
  readonly compatibility?: string;
  readonly allowedTools: readonly string[];
  /** `user-invocable`, default true. */
  readonly userInvocable: boolean;
  /** `disable-model-invocation`, default false. */
  readonly disableModelInvocation: boolean;
  readonly commandDispatch?: string;
  readonly commandTool?: string;
  readonly commandArgMode?: string;
  /** Which name under `metadata` the fields came from; null if none did. */
  readonly namespace: Namespace | null;
  readonly always: boolean;
  /** Empty means every system. */
  readonly os: readonly SkillOs[];
  readonly primaryEnv?: string;
  /** Key in the gateway's `skills.entries`; default: the name. */
  readonly skillKey: string;
  readonly requires: SkillRequires;
  readonly install: readonly InstallSpec[];
  /** Top-level keys that the format does not define, kept as they are (JSON values only). */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly Diagnostic[];
  /**
   * What in the text nobody sees, or somebody should look at before a model follows it: see `inspectText`. They change
   * nothing about the skill unless a policy says so.
   */
  readonly textFindings: readonly Diagnostic[];
  /** Where each value stands, keyed by its path: `name`, `requires.bins.0`, `install.1`, `install.1.package`. */
  readonly places: Readonly<Record<string, Place>>;
}
