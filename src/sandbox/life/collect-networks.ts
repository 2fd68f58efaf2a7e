import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { containerLabels } from "../container/container-plan.ts";
import { readContainerLabels } from "../container/read-container-labels.ts";
import { findRecordsDir, type GatewaySandboxes } from "./find-sandboxes.ts";
import { withIdleSandbox } from "./with-idle-sandbox.ts";

export interface CollectNetworksRequest extends GatewaySandboxes {
  /** Ids of containers that do not count. */
  readonly except: ReadonlySet<string>;
  readonly dryRun: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes the networks that were one container's alone and have none any more, such as a process leaves that was killed
 * between the two. Gives their names.
 */
export async function collectNetworks(request: CollectNetworksRequest): Promise<readonly string[]> {
  const { engine, owner, workspaceRoot, except, dryRun, signal } = request;
  const ofGateway = `${containerLabels.owner}=${owner}`;
  const removed: string[] = [];
  for (const { name, labels } of await engine.networks.list([ofGateway, containerLabels.network], signal)) {
    throwIfCancelled(signal);
    const read = readContainerLabels(labels);
    if (read === null || read.network !== name) continue;
    const removeUnlessJoined = async (): Promise<boolean> => {
      const joined = await engine.sandboxes.list([ofGateway, `${containerLabels.network}=${name}`]);
      if (joined.some((container) => !except.has(container.id))) return false;
      return dryRun || (await engine.networks.remove(name));
    };
    // Who makes it makes the container under the same lock.
    const recordsDir = findRecordsDir(read, workspaceRoot);
    const options = { patienceMs, force: true, ...(signal === undefined ? {} : { signal }) };
    if ((await withIdleSandbox({ recordsDir }, options, removeUnlessJoined)) === true) removed.push(name);
  }
  return removed;
}

/** Whoever takes longer than this is making the container. */
const patienceMs = 1000;
