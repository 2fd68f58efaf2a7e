import type { Place } from "../../diagnostic/diagnostic.ts";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { placeOfOrigin } from "../problem.ts";
import type { BrowserConfig, Origin, Sourced } from "../sandbox-config.ts";

/** Whose browser an agent asks for: its sandbox's, the host's own, or one at an address. */
export const browserTargets = ["sandbox", "host", "custom"] as const;
export type BrowserTarget = (typeof browserTargets)[number];

export interface BrowserTargetRequest {
  readonly browser: BrowserConfig;
  /** Whether the session is: on the host nothing here confines an agent. */
  readonly sandboxed: boolean;
  readonly target: BrowserTarget;
  /** With `custom`: the address that the agent named. */
  readonly url?: string;
}

export interface BrowserTargetDecision {
  readonly target: BrowserTarget;
  readonly allowed: boolean;
  /** A sentence; foreign text in it is escaped. */
  readonly why: string;
  /** The settings that block it; empty where none does, or where no setting could let it pass. */
  readonly blockedBy: readonly BrowserGate[];
  /** The smallest change that lets it pass, in words, one for each setting. */
  readonly change: readonly string[];
}

export interface BrowserGate {
  readonly key: string;
  /** Null: nobody has written it. */
  readonly place: Place | null;
}

/**
 * Whether an agent may control a browser. Of the three lists for `custom` each that has entries must have the address, its
 * host and its port; where none has any, nothing may be controlled: a gateway's own default, which is everything, would
 * lead out of the sandbox.
 */
export function decideBrowserTarget(request: BrowserTargetRequest): BrowserTargetDecision {
  const { browser, sandboxed, target } = request;
  if (target === "sandbox") {
    if (!sandboxed) return refuse(target, "The session is not sandboxed, so it has no browser of a sandbox.");
    return isOn(target, browser.enabled, "the sandbox has a browser");
  }
  if (!sandboxed) return allow(target, "The session is not sandboxed: nothing here confines it.");
  if (target === "host")
    return isOn(target, browser.allowHostControl, "the host's browser may be controlled");
  return decideCustom(browser, request.url ?? "");
}

function decideCustom(browser: BrowserConfig, written: string): BrowserTargetDecision {
  const address = readAddress(written);
  if (address === null) {
    const form = "it must begin with http://, https://, ws:// or wss://, and have no password in it";
    return refuse("custom", `${quoteValue(written)} is no address of a browser: ${form}.`);
  }
  const gates: readonly Gate[] = [
    gate(browser.allowedControlUrls, address.url, sameAddress),
    gate(browser.allowedControlHosts, address.host, sameHost),
    gate(browser.allowedControlPorts, address.port, (entry, port) => entry === port),
  ];
  const [ofUrls] = gates;
  const set = gates.filter(({ isSet }) => isSet);
  const closed = set.length === 0 && ofUrls !== undefined ? [ofUrls] : set.filter(({ passes }) => !passes);
  if (closed.length === 0) return allow("custom", `${keysOf(set)} ${set.length > 1 ? "have" : "has"} it.`);
  return {
    target: "custom",
    allowed: false,
    why:
      set.length === 0
        ? "No list says which browsers may be controlled, so none may."
        : `${keysOf(closed)} ${closed.length > 1 ? "do" : "does"} not have it.`,
    blockedBy: closed.map(({ origin }) => gateOf(origin)),
    change: closed.map(({ origin, entry }) => `add ${entry} to ${escapeText(origin.key)}`),
  };
}

interface Gate {
  readonly origin: Origin;
  readonly isSet: boolean;
  readonly passes: boolean;
  /** What would have to be in the list, as one would write it. */
  readonly entry: string;
}

function gate<Entry extends string | number>(
  { value, origin }: Sourced<readonly Entry[]>,
  wanted: Entry,
  isSame: (entry: Entry, wanted: Entry) => boolean,
): Gate {
  return {
    origin,
    isSet: value.length > 0,
    passes: value.some((entry) => isSame(entry, wanted)),
    entry: typeof wanted === "string" ? quoteValue(wanted) : String(wanted),
  };
}

interface Address {
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

function readAddress(written: string): Address | null {
  if (!URL.canParse(written)) return null;
  const { protocol, username, password, hostname, port, href } = new URL(written);
  const usualPort = usualPorts.get(protocol);
  if (usualPort === undefined || username !== "" || password !== "" || hostname === "") return null;
  return { url: href, host: hostname, port: port === "" ? usualPort : Number(port) };
}

const usualPorts: ReadonlyMap<string, number> = new Map([
  ["http:", 80],
  ["ws:", 80],
  ["https:", 443],
  ["wss:", 443],
]);

/** Exactly, but for what two spellings of one address differ in. */
function sameAddress(entry: string, wanted: string): boolean {
  return readAddress(entry)?.url === wanted;
}

function sameHost(entry: string, wanted: string): boolean {
  const isNumbers = entry.includes(":");
  return readAddress(`http://${isNumbers ? `[${entry}]` : entry}/`)?.host === wanted;
}

function isOn(
  target: BrowserTarget,
  { value, origin }: Sourced<boolean>,
  what: string,
): BrowserTargetDecision {
  const key = escapeText(origin.key);
  if (value) return allow(target, `${key} is true: ${what}.`);
  return {
    target,
    allowed: false,
    why: `${key} is false.`,
    blockedBy: [gateOf(origin)],
    change: [`set ${key} to true`],
  };
}

function gateOf(origin: Origin): BrowserGate {
  return { key: origin.key, place: placeOfOrigin(origin) };
}

function keysOf(gates: readonly Gate[]): string {
  return gates.map(({ origin }) => escapeText(origin.key)).join(", ");
}

function allow(target: BrowserTarget, why: string): BrowserTargetDecision {
  return { target, allowed: true, why, blockedBy: [], change: [] };
}

function refuse(target: BrowserTarget, why: string): BrowserTargetDecision {
  return { target, allowed: false, why, blockedBy: [], change: [] };
}
