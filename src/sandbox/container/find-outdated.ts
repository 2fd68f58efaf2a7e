import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { compareContainer } from "./compare-container.ts";
import type { ContainerPlan } from "./container-plan.ts";
import type { OutdatedReason } from "./ensure-request.ts";
import { readContainerLabels } from "./read-container-labels.ts";

/** Why a container is not what the plan would give now; nothing where it is. The engine's facts go before labels. */
export function findOutdated(plan: ContainerPlan, found: ContainerDetails): readonly OutdatedReason[] {
  const realHash = readContainerLabels(found.labels)?.planHash ?? "";
  if (found.imageId !== plan.image.id)
    return [{ kind: "image", plannedId: plan.image.id, realId: found.imageId }];
  if (realHash !== plan.hash) return [{ kind: "plan", plannedHash: plan.hash, realHash }];
  const differences = compareContainer(plan, found.inspected);
  return differences.length === 0 ? [] : [{ kind: "changed", differences }];
}
