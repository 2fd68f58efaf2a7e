import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import type { ContainerAction, ContainerEvent, OutdatedReason } from "../container/ensure-request.ts";
import type { SandboxGround } from "../ensure/sandbox-request.ts";
import type { ScopeFolder } from "../scope-folder.ts";
import type { BrowserDoorEvent, BrowserDoors } from "./doors/browser-doors.ts";
import type { WebPolicy } from "./web-proxy/web-policy.ts";

/** One session that is to have its browser. */
export interface BrowserRequest {
  /** As `resolveSession` gives it; whether it is sandboxed at all is for the caller to look at. */
  readonly session: Session;
  /** Of the session's agent, without an error: see `loadSandboxConfig`. */
  readonly config: SandboxConfig;
  /**
   * Whether the browser finds its cookies and settings again when it is started anew; default `kept`. A browser that
   * runs goes on as it is.
   */
  readonly profile?: "kept" | "fresh";
  /** What of the web it may reach where it has no network of its own; default: see {@link loadWebPolicy}. */
  readonly web?: WebPolicy;
  /** Start it though `autoStart` is off: somebody has asked for it by name. */
  readonly start?: boolean;
  readonly signal?: AbortSignal;
}

/** What all browsers of one gateway have in common. */
export interface BrowserGround
  extends Pick<
    SandboxGround,
    "engine" | "owner" | "stateDir" | "homeDir" | "hostPaths" | "facts" | "uses" | "buildImage" | "builds"
  > {
  /** By the folder of a browser's records: the doors that this process keeps open. */
  readonly doors: Map<string, KeptDoors>;
  /** What releases each browser that is in use. */
  readonly held: Set<() => void>;
  /** Whether Chromium may run without its own sandbox where it cannot have one. */
  readonly unsandboxed: boolean;
  readonly onEvent?: (event: BrowserEvent) => void;
}

/** Doors that lead into one run of a container. */
export interface KeptDoors {
  readonly containerId: string;
  readonly runningSince: string;
  readonly doors: BrowserDoors;
}

/** What has just been done, and what its doors and its way to the web have refused. */
export type BrowserEvent =
  | ContainerEvent
  | { readonly type: "browser"; readonly name: string; readonly step: BrowserStep }
  | BrowserDoorEvent;

/** `ready`: its doors answer. `doors-opened`: by this process. `removed`: it did not become ready. */
export type BrowserStep = "waiting" | "ready" | "doors-opened" | "removed";

/**
 * A browser that is there, in use until it is released. Token, password and links are not shown by `inspect` and
 * `JSON.stringify`: they are for clients of this machine, never for logs or a model.
 */
export interface Browser extends AsyncDisposable {
  /** The container's. */
  readonly name: string;
  readonly containerId: string;
  readonly state: ContainerAction;
  /** As with a sandbox: why it is to be recreated after its last use, or why it was. */
  readonly outdated: readonly OutdatedReason[];
  readonly headless: boolean;
  readonly folder: ScopeFolder;
  /** `http://127.0.0.1:PORT`, on this machine only; every request needs the token, as a header or first in its path. */
  readonly cdpUrl: string;
  readonly cdpToken: string;
  /** Null: it has no screen. */
  readonly vnc: { readonly port: number; readonly password: string } | null;
  /** The address of the whole browser for clients that take one of a WebSocket; the token is in it. */
  wsEndpoint(): Promise<string>;
  /** A link for one look at the screen in another browser; good once, and for a minute. Null: it has no screen. */
  viewerLink(): Promise<string | null>;
  /** At its doors, right now; null: another process keeps them open. This one's close with its manager. */
  connections(): number | null;
  /** Until this is called, or this process has ended, nobody stops, recreates or prunes it. */
  release(): void;
}
