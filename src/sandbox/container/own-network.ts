import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NetworkSpec } from "../../engine/sandbox/network-port.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { containerLabels } from "./container-plan.ts";

/**
 * Makes the network that a container has for itself; nothing where it is there, as after a stop or a kill. The caller
 * holds the container's lock. Throws `NETWORK_NAME_TAKEN` where another gateway's or scope's network has the name.
 */
export async function ensureNetwork(engine: Engine, network: NetworkSpec): Promise<void> {
  const { name, labels } = network;
  const found = await engine.networks.inspect(name);
  if (found === null) {
    await engine.networks.create(network);
    return;
  }
  if (identifying.every((label) => found.labels[label] === labels[label])) return;
  throw new SkillcrateError(
    "NETWORK_NAME_TAKEN",
    `The network ${quoteValue(name)} (${found.id.slice(0, 12)}) is not the one of the container of that name.`,
    { hint: `See whose it is, and remove it where nobody needs it: docker network inspect ${name}` },
  );
}

const { role, owner, scope, scopeKey } = containerLabels;
const identifying = [role, owner, scope, scopeKey];

/** Nothing where `name` is null, where it is gone or another gateway's, and where somebody has put a container into it. */
export async function removeNetwork(engine: Engine, name: string | null, ownerId: string): Promise<void> {
  if (name === null) return;
  const found = await engine.networks.inspect(name);
  if (found !== null && found.labels[owner] === ownerId) await engine.networks.remove(name);
}

/**
 * Whether a container that does not run can never be started again: the network that it had for itself is gone. A new
 * one of the same name is another one to the engine.
 */
export async function isCutOff(
  engine: Engine,
  { state, labels, inspected }: ContainerDetails,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const name = labels[containerLabels.network] ?? "";
  if (name === "" || state === "running" || state === "paused") return false;
  const network = await engine.networks.inspect(name, signal);
  const joined = joinedId(inspected, name);
  // Podman goes by the name, and Docker too until the first start.
  return network === null || !["", name, network.id].includes(joined);
}

function joinedId(inspected: unknown, name: string): string {
  const settings = asObject(ownValue(asObject(inspected), "NetworkSettings"));
  const joined = asObject(ownValue(asObject(ownValue(settings, "Networks")), name));
  const id = ownValue(joined, "NetworkID");
  return typeof id === "string" ? id : "";
}
