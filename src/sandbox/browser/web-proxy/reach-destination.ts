import type { Socket } from "node:net";
import { errnoOf } from "../../../host/file-problem.ts";
import type { AddressBytes } from "./address-range.ts";
import { connectFirst } from "./connect-first.ts";
import type { OwnNetworks } from "./judge-address.ts";
import { judgeConnection, judgeName, type WebRefusal } from "./judge-destination.ts";
import type { LookUpName } from "./look-up-name.ts";
import { formatAddress, parseAddress } from "./parse-address.ts";
import type { Destination, DestinationHost } from "./parse-destination.ts";
import type { WebLimits } from "./web-event.ts";
import type { WebPolicy } from "./web-policy.ts";

/** What decides where a connection goes. */
export interface WebGround {
  readonly policy: WebPolicy;
  readonly limits: WebLimits;
  readonly lookUp: LookUpName;
  readonly readOwn: () => OwnNetworks;
}

export type Reached =
  | { readonly kind: "open"; readonly socket: Socket }
  | ({ readonly kind: "refused" } & WebRefusal)
  /** `reason`: a clause. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * A connection to a destination: its name is looked up once, every address is judged, and what is connected to is one of
 * the very addresses that were judged. With an upstream proxy the connection is to that proxy, and it looks names up.
 */
export async function reachDestination(
  destination: Destination,
  ground: WebGround,
  signal: AbortSignal,
): Promise<Reached> {
  const { policy, limits } = ground;
  const refused = judgeName(destination, policy);
  if (refused !== null) return { kind: "refused", ...refused };
  const { upstream } = policy;
  const connectTo = async (hosts: readonly string[], port: number): Promise<Reached> => {
    const connected = await connectFirst(hosts, port, { timeoutMs: limits.connectTimeoutMs, signal });
    return connected.ok ? { kind: "open", socket: connected.socket } : { kind: "failed", ...connected };
  };
  if (upstream !== null && destination.host.kind === "name")
    return await connectTo([upstream.host], upstream.port);
  const judged = await judgeAddresses(destination, ground, signal);
  if (judged.kind !== "judged") return judged;
  return upstream === null
    ? await connectTo(judged.addresses, destination.port)
    : await connectTo([upstream.host], upstream.port);
}

type Judged =
  | { readonly kind: "judged"; readonly addresses: readonly string[] }
  | Exclude<Reached, { kind: "open" }>;

async function judgeAddresses(
  destination: Destination,
  ground: WebGround,
  signal: AbortSignal,
): Promise<Judged> {
  const found = await findAddresses(destination.host, ground, signal);
  if ("reason" in found) return { kind: "failed", ...found };
  const own = ground.readOwn();
  const addresses: string[] = [];
  let refused: WebRefusal | null = null;
  for (const address of found.addresses) {
    const refusal = judgeConnection(destination, address, ground.policy, own);
    if (refusal === null) addresses.push(formatAddress(address));
    refused ??= refusal;
  }
  if (addresses.length > 0) return { kind: "judged", addresses };
  return refused === null
    ? { kind: "failed", reason: "the name has no address" }
    : { kind: "refused", ...refused };
}

async function findAddresses(
  host: DestinationHost,
  { lookUp, limits }: WebGround,
  signal: AbortSignal,
): Promise<{ readonly addresses: readonly AddressBytes[] } | { readonly reason: string }> {
  if (host.kind === "address") return { addresses: [host.bytes] };
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(limits.lookupTimeoutMs)]);
  try {
    const texts = await lookUp(host.name, deadline);
    return { addresses: texts.flatMap((text) => parseAddress(text) ?? []) };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "") throw error;
    return { reason: `the name could not be looked up (${errno})` };
  }
}
