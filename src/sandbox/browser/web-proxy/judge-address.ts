import { type AddressBytes, type AddressRange, isInRange } from "./address-range.ts";
import { unmapAddress } from "./parse-address.ts";
import { nat64Range, type SpecialRange, specialRanges } from "./special-ranges.ts";

/** What the proxy's own machine is, and what it is plugged into. */
export interface OwnNetworks {
  readonly addresses: readonly AddressBytes[];
  readonly networks: readonly AddressRange[];
}

/**
 * Why an address is not the public internet; null: it is. IPv4 that is written as IPv6 is judged as what it leads to:
 * mapped, through NAT64, by ISATAP; what tunnels to an address that cannot be checked (6to4, Teredo) is refused whole.
 */
export function judgeAddress(address: AddressBytes, own: OwnNetworks): SpecialRange | null {
  const target = unmapAddress(address);
  const carried = carriedIn(target);
  if (carried !== null && judgeAddress(carried, own) !== null) {
    return { range: all(target), rule: "translated", openedBy: "nothing" };
  }
  if (isInRange(target, nat64Range)) return null;
  const special = specialRanges.find(({ range }) => isInRange(target, range)) ?? null;
  // Its own number says more than that it is private: a range that is opened must not open this machine.
  if (special !== null && special.rule !== "private" && special.rule !== "shared-private") return special;
  if (own.addresses.some((one) => equals(one, target))) {
    return { range: all(target), rule: "own-address", openedBy: "address" };
  }
  if (special !== null) return special;
  const network = own.networks.find((range) => isInRange(target, range));
  return network === undefined ? null : { range: network, rule: "own-network", openedBy: "range" };
}

/** The IPv4 address to which somebody between here and there translates; null: nobody does. */
function carriedIn(address: AddressBytes): AddressBytes | null {
  if (address.length !== 16) return null;
  // RFC 5214 §6.1: 0000:5efe, or 0200:5efe where the number is a public one.
  const isatap =
    (address[8] === 0 || address[8] === 2) &&
    address[9] === 0 &&
    address[10] === 0x5e &&
    address[11] === 0xfe;
  return isatap || isInRange(address, nat64Range) ? address.slice(12) : null;
}

function all(address: AddressBytes): AddressRange {
  return { bytes: address, bits: address.length * 8 };
}

function equals(one: AddressBytes, other: AddressBytes): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
