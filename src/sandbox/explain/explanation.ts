import type { BrowserTargetDecision } from "../../config/browser/decide-browser-target.ts";
import type { ListedSetting } from "../../config/list-settings.ts";
import type { Origin } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { ContainerState } from "../../engine/sandbox/sandbox-port.ts";
import type { BinaryWhereabouts } from "../../skill/judge-eligibility.ts";
import type { SourceKind } from "../../skill/merge-sources.ts";
import type { Difference } from "../container/compare-container.ts";
import type { Sharing } from "../home/describe-sharing.ts";
import type { ScopeKind } from "../scope.ts";
import type { SecretLine } from "../secrets/plan-secrets.ts";

/**
 * Everything that decides what a session's sandbox is, next to what really runs. Plain JSON that may be shown to anybody:
 * no secret, token or key is in it.
 */
export interface Explanation {
  /** The gateway's configuration. */
  readonly file: string;
  readonly session: Pick<Session, "key" | "agentId" | "isMain" | "sandboxed" | "why">;
  readonly scope: {
    readonly kind: ScopeKind;
    readonly key: string;
    readonly origin: Origin;
    /** On the host. */
    readonly folder: string;
  };
  readonly settings: readonly ListedSetting[];
  readonly image: ExplainedImage;
  /** Null: none is there, or the engine was not asked (`engine` says why). */
  readonly container: ExplainedContainer | null;
  /** Null: the engine answered. */
  readonly engine: string | null;
  readonly skills: ExplainedSkills;
  readonly secrets: readonly SecretLine[];
  readonly home: {
    /** Inside. */
    readonly path: string;
    readonly by: Sharing["by"];
    /** Keys of the sessions that have used it. */
    readonly sessions: readonly string[];
  };
  /** How the gateway is reached from inside, by the settings alone. */
  readonly gateway: readonly string[];
  readonly tools: readonly ExplainedTool[];
  /** Whose browsers an agent may control. */
  readonly browser: {
    /** `sandbox` and `host`; `custom` is decided for each address. */
    readonly targets: readonly BrowserTargetDecision[];
    /** Which addresses may be named, in words. */
    readonly custom: string;
    readonly image: Pick<ExplainedImage, "reference" | "origin" | "id">;
    /** The browser of its own; null: none is there, or the engine was not asked. */
    readonly container: ExplainedContainer | null;
    /** Null: nobody keeps them open; the next who asks for the browser does. */
    readonly doors: ExplainedDoors | null;
  };
  /** What is wrong, each with what to type. */
  readonly findings: readonly Diagnostic[];
}

export interface ExplainedImage {
  readonly reference: string;
  readonly origin: Origin;
  /** Null: the engine has none of that name, or was not asked. */
  readonly id: string | null;
  /** Commands that its labels promise; null: it is not one of ours. */
  readonly binaries: readonly string[] | null;
}

export interface ExplainedContainer {
  readonly name: string;
  readonly id: string;
  readonly state: ContainerState;
  readonly imageId: string;
  readonly createdMs: number;
  readonly network: string;
  readonly user: string;
  readonly readOnlyRoot: boolean;
  /** Bytes; 0: no limit. */
  readonly memoryBytes: number;
  readonly pids: number;
  readonly cpus: number;
  /** Where the engine may not give the limits of processes that were asked for. */
  readonly loweredUlimits: readonly Diagnostic[];
  readonly mounts: readonly {
    readonly source: string;
    readonly target: string;
    readonly readOnly: boolean;
  }[];
  /** Against what would be made now; null: that was not planned. */
  readonly differences: readonly Difference[] | null;
}

/** Ports of 127.0.0.1, and the process that keeps them open. */
export interface ExplainedDoors {
  readonly keeperPid: number;
  readonly cdpPort: number;
  /** Null, in this and the next: it has no screen, or nobody can watch. */
  readonly vncPort: number | null;
  readonly viewerPort: number | null;
}

export interface ExplainedSkills {
  /** Names of those that are inside and can work; before anything is mirrored, of those that would. Sorted. */
  readonly inside: readonly string[];
  /** Those that are not there, or cannot work; sorted by name. */
  readonly missing: readonly {
    readonly name: string;
    readonly source: SourceKind;
    /** Whether the sandbox sees it all the same: what skills require is judged only where their gateway asks for it. */
    readonly there: boolean;
    readonly reason: string;
    readonly bins: readonly BinaryWhereabouts[];
    /** What to type; null: it is not for sandboxes. */
    readonly fix: string | null;
  }[];
}

export interface ExplainedTool {
  readonly tool: string;
  readonly allowed: boolean;
  /** Layer and key of what blocks it; empty where nothing does. */
  readonly blockedBy: readonly string[];
  /** The smallest change that would let it pass, in words. */
  readonly change: readonly string[];
}
