import { domainToASCII } from "node:url";
import type { Diagnostic, Place } from "../../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../../diagnostic/quote-value.ts";
import { parseRange, unmapRange } from "./parse-address.ts";
import { parseHost } from "./parse-destination.ts";
import type { UpstreamProxy, WebEntry, WebPolicy } from "./web-policy.ts";

/** As an operator writes it, in options or in a file. */
export interface WrittenWebPolicy {
  /** Absent or null: the whole public web. Only these otherwise; see {@link readWebPolicy}. */
  readonly allow?: readonly string[] | null;
  readonly deny?: readonly string[];
  /** `http://[user:password@]host:port`. */
  readonly upstreamProxy?: string | null;
  /** Where a part of it is written, for diagnostics: `["allow", 2]`. */
  readonly placeOf?: (path: readonly [keyof WrittenWebPolicy, number?]) => Place;
}

export type ReadWebPolicyResult =
  | { readonly ok: true; readonly policy: WebPolicy }
  /** A list with a mistake is not used in part: what it was to deny would be open. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads the lists. An entry is `example.com`, `*.example.com` (all names below it), `*` (everything), an address, or a
 * range such as `10.0.0.0/8`; each with `:port` behind it, or for every port; IPv6 with a port in brackets, `[fd00::/8]:443`.
 */
export function readWebPolicy(written: WrittenWebPolicy): ReadWebPolicyResult {
  const { allow = null, deny = [], upstreamProxy = null, placeOf } = written;
  const diagnostics: Diagnostic[] = [];
  const readList = (texts: readonly string[], key: "allow" | "deny"): readonly WebEntry[] =>
    texts.flatMap((text, index) => {
      const entry = parseEntry(text);
      if (entry === null) diagnostics.push(invalidEntry(text, placeOf?.([key, index])));
      return entry ?? [];
    });
  const policy: WebPolicy = {
    allow: allow === null ? null : readList(allow, "allow"),
    deny: readList(deny, "deny"),
    upstream: upstreamProxy === null ? null : parseUpstream(upstreamProxy),
  };
  if (upstreamProxy !== null && policy.upstream === null) {
    diagnostics.push(invalidUpstream(placeOf?.(["upstreamProxy"])));
  }
  return diagnostics.length === 0 ? { ok: true, policy } : { ok: false, diagnostics };
}

function parseEntry(text: string): WebEntry | null {
  const whole = parseSubject(text);
  if (whole !== null) return { text, port: null, ...whole };
  const [, subject = "", port = ""] = /^(.+):([1-9]\d{0,4})$/s.exec(text) ?? [];
  const number = Number(port);
  // `::1:80` is an address without a port: in front of one, IPv6 has brackets.
  if (number < 1 || number > 65_535 || (subject.includes(":") && !subject.startsWith("["))) return null;
  const named = parseSubject(subject);
  return named === null ? null : { text, port: number, ...named };
}

type Subject =
  | { readonly kind: "any" }
  | { readonly kind: "host" | "below"; readonly name: string }
  | Pick<Extract<WebEntry, { kind: "range" }>, "kind" | "range">;

function parseSubject(text: string): Subject | null {
  if (text === "*") return { kind: "any" };
  const range = parseRange(/^\[(.*)\]$/s.exec(text)?.[1] ?? text);
  if (range !== null) return { kind: "range", range: unmapRange(range) };
  const isBelow = text.startsWith("*.");
  // Other scripts, as browsers write them for names: xn--…
  const host = parseHost(domainToASCII(isBelow ? text.slice(2) : text));
  if (!isPlainName(text) || !("kind" in host) || host.kind !== "name") return null;
  return { kind: isBelow ? "below" : "host", name: host.name };
}

/** {@link domainToASCII} also takes what is no name: it decodes percents, and reads numbers as addresses. */
function isPlainName(text: string): boolean {
  return /^(?:\*\.)?[\p{L}\p{M}\p{N}._-]+$/u.test(text);
}

function parseUpstream(text: string): UpstreamProxy | null {
  if (!/^http:\/\/[^\s\p{Cc}/?#\\]+\/?$/iu.test(text) || !URL.canParse(text)) return null;
  const { hostname, port, username, password } = new URL(text);
  const login = decodePercents(`${username}:${password}`);
  if (hostname === "" || login === null) return null;
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: port === "" ? 80 : Number(port),
    authorization: login === ":" ? null : `Basic ${Buffer.from(login).toString("base64")}`,
  };
}

function decodePercents(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function invalidEntry(text: string, place: Place | undefined): Diagnostic {
  return {
    code: "WEB_ENTRY_INVALID",
    severity: "error",
    message: `${quoteValue(text)} in a list of what a browser may reach is no host, pattern, address or range.`,
    hint: "Write example.com, *.example.com, *, 203.0.113.7 or 10.0.0.0/8, with :port behind it where only one is meant.",
    ...(place === undefined ? {} : { place }),
  };
}

/** Without the address: it may hold a password. */
function invalidUpstream(place: Place | undefined): Diagnostic {
  return {
    code: "WEB_UPSTREAM_INVALID",
    severity: "error",
    message: "The address of the proxy for a browser's web is not of the form http://host:port.",
    hint: "Write http://proxy.example:3128, with user:password@ before the host where the proxy asks for a login.",
    ...(place === undefined ? {} : { place }),
  };
}
