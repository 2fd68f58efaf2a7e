import type { WebEvent, WebLimits } from "../web-proxy/web-event.ts";
import type { WebPolicy } from "../web-proxy/web-policy.ts";

/** The container's doors: where each of them listens. */
export type DoorsTarget =
  /** Unix sockets `cdp.sock`, `vnc.sock` and `novnc.sock` in a folder that the container writes; absolute. */
  | { readonly kind: "sockets"; readonly folder: string }
  /** Ports of an address that only this host reaches: a container on a bridge network of its own. */
  | {
      readonly kind: "address";
      /** An IP address. */
      readonly host: string;
      readonly cdpPort: number;
      readonly vncPort: number;
      readonly noVncPort: number;
    };

export interface BrowserDoorsRequest {
  readonly target: DoorsTarget;
  /** What a person sees it by; null: it has no screen, or nobody is to watch. */
  readonly screen: {
    /** Eight characters, as VNC has it. */
    readonly vncPassword: string;
    /** Whether it can be watched in another browser. */
    readonly noVnc: boolean;
    /**
     * With this another process gets links, by `requestViewerLink`; at least 32 characters that cannot be guessed. Null: only {@link BrowserDoors.createViewerLink} gives any.
     */
    readonly linkSecret: string | null;
  } | null;
  /** The way out; null: there is none, or a network gives it. */
  readonly web: {
    /** Absolute; the container sees it read-only. `web.sock` is made in it. */
    readonly folder: string;
    readonly policy: WebPolicy;
    readonly limits?: Partial<WebLimits>;
  } | null;
  /** Ports of 127.0.0.1; by default free ones. */
  readonly ports?: { readonly cdp?: number; readonly vnc?: number; readonly viewer?: number };
  readonly limits?: Partial<DoorLimits>;
  readonly onEvent?: (event: BrowserDoorEvent) => void;
  /** Aborted while the doors are opened: `CANCELLED`; afterwards: they are closed. */
  readonly signal?: AbortSignal;
}

export interface DoorLimits {
  /** Of each door at once; what comes beyond is closed. 64 by default. */
  readonly maxConnections: number;
  /** Until the container's side takes a connection. 5,000 by default. */
  readonly connectTimeoutMs: number;
  /** Without a byte in either direction; an hour by default, since an agent may think for long. */
  readonly idleTimeoutMs: number;
}

export type DoorName = "cdp" | "vnc" | "viewer";

export type BrowserDoorEvent =
  /** A connection that came to nothing; `reason` is a clause without anything secret. */
  { readonly type: "door-refused"; readonly door: DoorName; readonly reason: string } | WebEvent;

/** Doors that are open until they are closed, or this process ends. */
export interface BrowserDoors {
  /** `http://127.0.0.1:PORT`: the token is checked by the container. */
  readonly cdpUrl: string;
  readonly cdpPort: number;
  readonly vncPort: number | null;
  readonly viewerPort: number | null;
  /** Connections right now. */
  connections(): Readonly<Record<DoorName | "web", number>>;
  /**
   * A link for one person's browser; it works once. Throws `BROWSER_VIEWER_ABSENT` where nobody can watch. The link is a
   * secret until it was used or has ended: print it to the person who asked, and nowhere else.
   */
  createViewerLink(options?: { readonly lifeMs?: number }): ViewerLink;
  /** Ends all connections, and takes `web.sock` away. Any number of calls. */
  close(): Promise<void>;
  /** Settles once they are closed, for whatever reason. */
  readonly closed: Promise<void>;
}

export interface ViewerLink {
  /** `http://127.0.0.1:PORT/watch/SECRET`. */
  readonly url: string;
  /** From now. */
  readonly lifeMs: number;
}
