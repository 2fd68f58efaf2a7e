import { isIPv4, isIPv6 } from "node:net";
import type { AddressBytes, AddressRange } from "./address-range.ts";

/**
 * An IP address in its usual spelling: four decimal numbers without leading zeros, or IPv6 with neither brackets nor a
 * zone. Null for everything else, whatever the system's own functions would make of it.
 */
export function parseAddress(text: string): AddressBytes | null {
  if (isIPv4(text)) return Uint8Array.from(text.split("."), Number);
  return isIPv6(text) && !text.includes("%") ? parseIpv6(text) : null;
}

/** `10.0.0.0/8`, or an address alone, which is all of its bits. What lies behind the prefix is set to zero. */
export function parseRange(text: string): AddressRange | null {
  const [address = "", length, ...others] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === null || others.length > 0) return null;
  const most = bytes.length * 8;
  if (length !== undefined && (!/^(?:0|[1-9]\d{0,2})$/.test(length) || Number(length) > most)) return null;
  const bits = length === undefined ? most : Number(length);
  return { bytes: bytes.map((byte, index) => byte & maskOf(bits - index * 8)), bits };
}

/** IPv4 in IPv6 clothes (`::ffff:a.b.c.d`) as what it is; all others as they are. */
export function unmapAddress(address: AddressBytes): AddressBytes {
  const mapped = address.length === 16 && mappedPrefix.every((byte, index) => address[index] === byte);
  return mapped ? address.slice(12) : address;
}

/** The same of a range. */
export function unmapRange(range: AddressRange): AddressRange {
  const bytes = range.bits < 96 ? range.bytes : unmapAddress(range.bytes);
  return bytes.length === range.bytes.length ? range : { bytes, bits: range.bits - 96 };
}

/** For connecting, and for people. */
export function formatAddress(address: AddressBytes): string {
  if (address.length === 4) return address.join(".");
  const groups = Array.from({ length: 8 }, (_, index) => groupAt(address, index).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/** Of a text that is known to be IPv6. */
function parseIpv6(text: string): AddressBytes {
  const [before = "", after] = text.split("::");
  const head = groupsIn(before);
  const tail = after === undefined ? [] : groupsIn(after);
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return Uint8Array.from([...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff]));
}

function groupsIn(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (!group.includes(".")) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split(".").map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

function groupAt(address: AddressBytes, index: number): number {
  return ((address[index * 2] ?? 0) << 8) | (address[index * 2 + 1] ?? 0);
}

/** Of a byte of which the first `bits` bits count. */
function maskOf(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 8 ? 0xff : (0xff << (8 - bits)) & 0xff;
}
