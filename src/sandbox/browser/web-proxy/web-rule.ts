/** Why a destination is refused, each with what it stands for. */
export const webRules = {
  // What was asked
  "not-a-destination": "what was asked for is no host and port",
  "odd-spelling": "an address in a spelling that only hides it: octal, hexadecimal, shortened, with a zone",

  // Where it leads
  unspecified: "no machine's address, or this machine's",
  loopback: "the machine that the proxy runs on",
  private: "a private network",
  "shared-private": "a provider's own network (CGNAT)",
  "link-local": "the network that the machine is plugged into",
  metadata: "a cloud's metadata, which gives out credentials",
  multicast: "many machines at once",
  reserved: "addresses that are not for the public internet",
  translated: "an address that carries another one of a refused kind",
  "own-address": "an address of the machine that the proxy runs on",
  "own-network": "the network that the machine is in, whatever its numbers are",
  "inside-name": "a name that leads somewhere inside a network",

  // What the operator has said
  denied: "the list of what is denied",
  "not-allowed": "the list of what is allowed does not have it",
} as const satisfies Record<string, string>;

export type WebRule = keyof typeof webRules;
