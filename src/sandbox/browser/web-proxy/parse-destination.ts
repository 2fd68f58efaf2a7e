import type { AddressBytes } from "./address-range.ts";
import { parseAddress } from "./parse-address.ts";
import type { WebRule } from "./web-rule.ts";

export type DestinationHost =
  /** Lower case, ASCII, without a dot at its end. */
  | { readonly kind: "name"; readonly name: string }
  /** `text` without brackets. */
  | { readonly kind: "address"; readonly text: string; readonly bytes: AddressBytes };

export interface Destination {
  readonly host: DestinationHost;
  readonly port: number;
}

export type ParsedDestination =
  | { readonly ok: true; readonly destination: Destination }
  | { readonly ok: false; readonly rule: WebRule };

export type ParsedTarget =
  | {
      readonly ok: true;
      readonly destination: Destination;
      /** With its query; begins with a slash. */
      readonly path: string;
      /** As the `Host` header is to have it. */
      readonly authority: string;
    }
  | { readonly ok: false; readonly rule: WebRule };

/** `host:port`, the target of a CONNECT; without a port where there is a default one. */
export function parseAuthority(text: string, defaultPort: number | null = null): ParsedDestination {
  const [, host = "", port] = /^(\[[^[\]]*\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? defaultPort : Number(port);
  if (host === "" || number === null || number < 1 || number > 65_535) return notADestination;
  const parsed = parseHost(host);
  return "rule" in parsed
    ? { ok: false, ...parsed }
    : { ok: true, destination: { host: parsed, port: number } };
}

/** `http://host:port/path?query`, the target of every other request. What is asked over TLS comes as a CONNECT. */
export function parseAbsoluteTarget(text: string): ParsedTarget {
  const [, authority = "", path = ""] =
    /^http:\/\/([^/?#@\\]*)((?:[/?][\x21-\x22\x24-\x7e]*)?)$/i.exec(text) ?? [];
  const parsed = parseAuthority(authority, 80);
  if (!parsed.ok) return parsed;
  return {
    ...parsed,
    path: path.startsWith("/") ? path : `/${path}`,
    authority: formatAuthority(parsed.destination),
  };
}

/** The host alone: a name, or an address with brackets where it is IPv6. */
export function parseHost(text: string): DestinationHost | { readonly rule: WebRule } {
  const inBrackets = /^\[(.*)\]$/.exec(text)?.[1];
  const name = text.toLowerCase().replace(/(?<=[^.])\.$/, "");
  const address = inBrackets === undefined ? name : inBrackets.toLowerCase();
  const bytes = parseAddress(address);
  if (bytes !== null && (bytes.length === 16) === (inBrackets !== undefined)) {
    return { kind: "address", text: address, bytes };
  }
  if (inBrackets !== undefined || numericEnd.test(name)) return { rule: "odd-spelling" };
  return namePattern.test(name) ? { kind: "name", name } : { rule: "not-a-destination" };
}

/** For people, and for a `Host` header: without the port that is usual. */
export function formatAuthority({ host, port }: Destination, usualPort = 80): string {
  const shown = host.kind === "name" ? host.name : host.bytes.length === 16 ? `[${host.text}]` : host.text;
  return port === usualPort ? shown : `${shown}:${port}`;
}

const notADestination = { ok: false, rule: "not-a-destination" } as const;

/** A name whose last part is a number is an address for inet_aton(3), and for browsers (URL Standard, "ends in a number"). */
const numericEnd = /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/;

// RFC 1123 §2.1, with the underscore that real names have. Other scripts arrive as xn--: browsers see to that.
const namePattern =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
