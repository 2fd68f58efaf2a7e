import { type AddressBytes, isInRange, isWithin } from "./address-range.ts";
import { judgeAddress, type OwnNetworks } from "./judge-address.ts";
import { formatAddress, unmapAddress } from "./parse-address.ts";
import type { Destination, DestinationHost } from "./parse-destination.ts";
import type { SpecialRange } from "./special-ranges.ts";
import type { WebEntry, WebPolicy } from "./web-policy.ts";
import { type WebRule, webRules } from "./web-rule.ts";

export interface WebRefusal {
  readonly rule: WebRule;
  /** Null where the name alone decided. */
  readonly address: string | null;
  /** A clause: what the rule says. */
  readonly reason: string;
}

/**
 * What a name, or an address that was asked for itself, and its port decide before anything is looked up. Null: its
 * addresses decide.
 */
export function judgeName({ host, port }: Destination, policy: WebPolicy): WebRefusal | null {
  const denied = policy.deny.find((entry) => fitsPort(entry, port) && fitsName(entry, host));
  if (denied !== undefined) return refusal("denied", null, denied.text);
  if (policy.upstream !== null && host.kind === "name") return judgeUnseen(host.name, port, policy);
  const { allow } = policy;
  const mayBeAllowed =
    allow === null ||
    allow.some((entry) => fitsPort(entry, port) && (entry.kind === "range" || fitsName(entry, host)));
  return mayBeAllowed ? null : refusal("not-allowed", null);
}

/** Whether one of the destination's addresses may be connected to; null: it may. Deny beats allow. */
export function judgeConnection(
  { host, port }: Destination,
  address: AddressBytes,
  policy: WebPolicy,
  own: OwnNetworks,
): WebRefusal | null {
  const target = unmapAddress(address);
  const shown = formatAddress(target);
  const fits = (entry: WebEntry): boolean => fitsPort(entry, port) && fitsAddress(entry, target);
  const denied = policy.deny.find(fits);
  if (denied !== undefined) return refusal("denied", shown, denied.text);
  const special = judgeAddress(target, own);
  const opened = policy.allow?.find((entry) => fits(entry) && (special === null || opens(entry, special)));
  if (opened !== undefined) return null;
  if (special !== null) return refusal(special.rule, shown);
  const allowedByName =
    policy.allow === null || policy.allow.some((entry) => fitsPort(entry, port) && fitsName(entry, host));
  return allowedByName ? null : refusal("not-allowed", shown);
}

/**
 * A name that the upstream proxy looks up: its address is not known here, so what only leads inside a network is refused
 * by its name, unless it is allowed by that very name.
 */
function judgeUnseen(name: string, port: number, { allow }: WebPolicy): WebRefusal | null {
  const host = { kind: "name", name } as const;
  const fitting = allow?.filter((entry) => fitsPort(entry, port) && fitsName(entry, host)) ?? [];
  if (fitting.some(({ kind }) => kind === "host")) return null;
  if (insideNames.test(name) || !name.includes(".")) return refusal("inside-name", null);
  return allow === null || fitting.length > 0 ? null : refusal("not-allowed", null);
}

/** RFC 6761, RFC 6762, RFC 8375, and what clouds and companies use. */
const insideNames =
  /(?:^|\.)(?:localhost|localdomain|local|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Only a number opens what is not public: the owner of a name could point it there. */
function opens(entry: WebEntry, special: SpecialRange): boolean {
  if (entry.kind !== "range" || special.openedBy === "nothing") return false;
  return special.openedBy === "address"
    ? entry.range.bits === entry.range.bytes.length * 8
    : isWithin(entry.range, special.range);
}

function fitsPort(entry: WebEntry, port: number): boolean {
  return entry.port === null || entry.port === port;
}

function fitsName(entry: WebEntry, host: DestinationHost): boolean {
  if (entry.kind === "any") return true;
  if (host.kind === "address") return fitsAddress(entry, unmapAddress(host.bytes));
  if (entry.kind === "host") return host.name === entry.name;
  return entry.kind === "below" && host.name.endsWith(`.${entry.name}`);
}

function fitsAddress(entry: WebEntry, address: AddressBytes): boolean {
  return entry.kind === "range" && isInRange(address, entry.range);
}

function refusal(rule: WebRule, address: string | null, entry?: string): WebRefusal {
  return { rule, address, reason: entry === undefined ? webRules[rule] : `${webRules[rule]}: ${entry}` };
}
