import type { DmScope } from "../../config/session/dm-scope.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { Owner } from "../../host/write-in-folder.ts";
import type { SandboxMount, SandboxTmpfs, WorkspaceAccess } from "../sandbox-mount.ts";
import type { Scope } from "../scope.ts";
import type { Sharing } from "./describe-sharing.ts";
import type { HomeImport, ImportName, ImportSource } from "./home-import.ts";
import type { HomeTemplate } from "./read-template.ts";

export interface HomeRequest {
  /** Absolute; made where it is missing. */
  readonly workspaceRoot: string;
  readonly scope: Scope;
  readonly workspaceAccess: WorkspaceAccess;
  /** The agent's own workspace on the host. With `rw`, the folder that the home is mounted over is made in it. */
  readonly agentWorkspaceDir: string | null;
  /** Who runs inside; never uid 0. */
  readonly sandboxUser: Owner;
  /** The agent's `docker.env`: HOME and XDG_* below `/workspace` say where the home is, and other names are left to it. */
  readonly dockerEnv?: Readonly<Record<string, string>>;
  /** In order of precedence: agents', then skills', then persons', whatever order they come in; within a kind the later wins. */
  readonly templates?: readonly HomeTemplate[];
  /** Logins of the host that are asked for by name. */
  readonly imports?: readonly ImportName[];
  /** Where `imports` come from; needed only with them. */
  readonly importFrom?: ImportSource;
  /** Who is about to use it. */
  readonly use?: HomeUse;
  /** The time, in milliseconds since 1970; default: the clock. */
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
}

export interface HomeUse {
  readonly agent: string | null;
  /** The whole key of the session. */
  readonly session: string | null;
  /** The gateway's `session.dmScope`; null: not known. */
  readonly dmScope: DmScope | null;
  /** The gateway's `session.mainKey`; default `main`. */
  readonly mainKey?: string;
}

/** HOME and the XDG tree of one scope, ready to be mounted. Plain JSON. */
export interface Home {
  /** On the host. A sandbox has written it: read and write in it only by descriptors. */
  readonly dir: string;
  /** HOME inside. */
  readonly path: string;
  /** For the container and for every exec; wins over `docker.env`, whose own names it leaves out. */
  readonly environment: Readonly<Record<string, string>>;
  /** In the order of their targets: a mount comes after the one that its target lies in. */
  readonly mounts: readonly SandboxMount[];
  readonly tmpfs: readonly SandboxTmpfs[];
  /** What is there of the host's logins. */
  readonly imports: readonly HomeImport[];
  readonly sharing: Sharing;
  /** Files that templates put or replaced this time, as paths in the home. */
  readonly written: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}
