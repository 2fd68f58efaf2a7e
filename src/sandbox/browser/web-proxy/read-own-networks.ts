import { networkInterfaces } from "node:os";
import type { OwnNetworks } from "./judge-address.ts";
import { parseAddress, parseRange } from "./parse-address.ts";

/** As the system tells them now; a machine may get others at any time. */
export function readOwnNetworks(): OwnNetworks {
  const found = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return {
    addresses: found.flatMap(({ address }) => parseAddress(withoutZone(address)) ?? []),
    // Tunnels that claim everything are no network that somebody is in.
    networks: found
      .flatMap(({ cidr }) => (cidr === null ? [] : (parseRange(cidr) ?? [])))
      .filter(({ bytes, bits }) => bits >= (bytes.length === 4 ? 8 : 16)),
  };
}

const withoutZone = (address: string): string => address.split("%", 1)[0] ?? "";
