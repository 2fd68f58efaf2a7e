import type { WebRule } from "./web-rule.ts";

/** What a web proxy tells while it runs. */
export type WebEvent =
  /** A browser, or whatever else runs beside it, has asked for something that it may not have. */
  | {
      readonly type: "web-refused";
      /** In lower case; quoted and cut where it is no host's name. */
      readonly host: string;
      /** Null where none could be read. */
      readonly port: number | null;
      /** Null where the name alone decided. */
      readonly address: string | null;
      readonly rule: WebRule;
      /** One line: what the rule says of this destination. */
      readonly reason: string;
    }
  /** A destination that may be asked and did not answer; or, with its target in `host`, a fault of the proxy's own. */
  | {
      readonly type: "web-failed";
      readonly host: string;
      readonly port: number | null;
      readonly reason: string;
    };

export interface WebLimits {
  /** At once; what comes beyond is closed. 256 by default. */
  readonly maxConnections: number;
  /** Of a request's line and headers; 65,536 by default. Above it: 431. */
  readonly headBytes: number;
  /** Until a request's head is there; 10,000 by default. */
  readonly headTimeoutMs: number;
  /** For a name's addresses; 10,000 by default. */
  readonly lookupTimeoutMs: number;
  /** For all of a name's addresses together; 30,000 by default. */
  readonly connectTimeoutMs: number;
  /** Without a byte in either direction; 15 minutes by default. */
  readonly idleTimeoutMs: number;
}
