import { limitConcurrency } from "../../engine/build/limit-concurrency.ts";
import type { Engine } from "../../engine/engine.ts";
import { removeNetwork } from "../container/own-network.ts";
import type { FoundSandbox } from "./find-sandboxes.ts";
import { type IdleOptions, withIdleSandbox } from "./with-idle-sandbox.ts";

export interface RemovedContainers {
  readonly removed: readonly FoundSandbox[];
  /** Somebody uses them. */
  readonly kept: readonly FoundSandbox[];
}

/**
 * Removes containers that nobody uses, each by its id: one that took a sandbox's place meanwhile stays. With each goes
 * the network that it had for itself. `isMeant` is asked once nobody can begin to use it; a container of which it says no
 * is in neither list.
 */
export async function removeContainers(
  engine: Engine,
  sandboxes: readonly FoundSandbox[],
  options: IdleOptions & {
    readonly isMeant?: (sandbox: FoundSandbox) => boolean | Promise<boolean>;
    /** Say what would be removed. */
    readonly dryRun?: boolean;
  },
): Promise<RemovedContainers> {
  const { isMeant = () => true, dryRun = false } = options;
  const removed: FoundSandbox[] = [];
  const kept: FoundSandbox[] = [];
  const limited = limitConcurrency(maxRemovals);
  const removeOne = async (sandbox: FoundSandbox): Promise<void> => {
    const outcome = await withIdleSandbox(sandbox, options, async () => {
      if (!(await isMeant(sandbox))) return "not meant";
      if (!dryRun) await removeOf(engine, sandbox);
      return "removed";
    });
    if (outcome === "removed") removed.push(sandbox);
    if (outcome === "in use") kept.push(sandbox);
  };
  await Promise.all(sandboxes.map((sandbox) => limited(() => removeOne(sandbox))));
  const inOrder = (some: readonly FoundSandbox[]) => sandboxes.filter((sandbox) => some.includes(sandbox));
  return { removed: inOrder(removed), kept: inOrder(kept) };
}

/** Of one that is half-made the one that it was to replace may be in the network. */
async function removeOf(engine: Engine, { container, labels, halfMade }: FoundSandbox): Promise<void> {
  await engine.containers.remove(container.id);
  if (halfMade === null) await removeNetwork(engine, labels.network, labels.owner);
}

/** An engine removes one after the other in parts; more at once only wait for each other. */
const maxRemovals = 8;
