import type { AddressRange } from "./address-range.ts";
import { parseRange } from "./parse-address.ts";
import type { WebRule } from "./web-rule.ts";

/** Addresses that are not the public internet. */
export interface SpecialRange {
  readonly range: AddressRange;
  readonly rule: WebRule;
  /**
   * What an allow list must say to open one: an address or a range that lies in this one; that very address; or nothing
   * does, since no web server can be there.
   */
  readonly openedBy: "range" | "address" | "nothing";
}

/**
 * IANA's registries of special-purpose addresses (RFC 6890 and its updates), and where clouds keep metadata. The first
 * row that fits counts.
 */
export const specialRanges: readonly SpecialRange[] = [
  // AWS, Google, Azure and most others; AWS for containers, twice; Alibaba; Oracle; Azure's host, a public number.
  ...rows("metadata", "address", [
    "169.254.169.254",
    "169.254.170.2",
    "169.254.170.23",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
  ]),
  ...rows("unspecified", "nothing", ["0.0.0.0/8", "::/128"]),
  ...rows("loopback", "range", ["127.0.0.0/8", "::1/128"]),
  ...rows("private", "range", ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]),
  ...rows("shared-private", "range", ["100.64.0.0/10"]),
  ...rows("link-local", "address", ["169.254.0.0/16", "fe80::/10"]),
  ...rows("multicast", "nothing", ["224.0.0.0/4", "ff00::/8"]),
  // Protocols' own, documentation (three times), relays of 6to4, measurements, the future and broadcast.
  ...rows("reserved", "nothing", [
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "240.0.0.0/4",
  ]),
  ...rows("reserved", "range", ["198.18.0.0/15"]),
  // Teredo is in the first; 6to4; IPv4-compatible; NAT64 of a network's own, whose layout nobody outside knows.
  ...rows("translated", "nothing", ["2001::/32", "2002::/16", "::/96", "64:ff9b:1::/48"]),
  ...rows("reserved", "nothing", ["2001::/23", "2001:db8::/32", "3fff::/20"]),
  // The rest of IPv6 in which nobody was given addresses: all but 2000::/3, and 64:ff9b::/96, which is looked into.
  ...rows("reserved", "nothing", ["::/3", "4000::/2", "8000::/1"]),
];

/** Every bit of IPv4 is in the last four bytes (RFC 6052). */
export const nat64Range: AddressRange = rangeOf("64:ff9b::/96");

function rows(
  rule: WebRule,
  openedBy: SpecialRange["openedBy"],
  texts: readonly string[],
): readonly SpecialRange[] {
  return texts.map((text) => ({ range: rangeOf(text), rule, openedBy }));
}

function rangeOf(text: string): AddressRange {
  const range = parseRange(text);
  if (range === null) throw new Error(`no range: ${text}`);
  return range;
}
