import { compareText } from "../../diagnostic/compare-text.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { compareContainer } from "../container/compare-container.ts";
import type { ContainerPlan } from "../container/container-plan.ts";
import { describeLoweredUlimits } from "../container/describe-lowered-ulimits.ts";
import type { ExplainedContainer } from "./explanation.ts";

/** What the engine says of a container, in few words, and how that differs from what would be made now. */
export function explainContainer(details: ContainerDetails, plan: ContainerPlan | null): ExplainedContainer {
  const { inspected, id, name, state, labels, imageId, createdMs } = details;
  const answer = asObject(inspected);
  const host = asObject(ownValue(answer, "HostConfig"));
  const config = asObject(ownValue(answer, "Config"));
  const mounts = ownValue(answer, "Mounts");
  return {
    name,
    id,
    state,
    imageId,
    createdMs,
    network: text(host, "NetworkMode"),
    user: text(config, "User"),
    readOnlyRoot: ownValue(host, "ReadonlyRootfs") === true,
    memoryBytes: number(host, "Memory"),
    pids: Math.max(number(host, "PidsLimit"), 0),
    cpus: number(host, "NanoCpus") / 1e9,
    loweredUlimits: describeLoweredUlimits(labels),
    // Podman lists them in an order that changes.
    mounts: (Array.isArray(mounts) ? mounts : []).map(readMount).sort(byTarget),
    differences: plan === null ? null : compareContainer(plan, inspected),
  };
}

type Mount = ExplainedContainer["mounts"][number];

function readMount(mount: unknown): Mount {
  const fields = asObject(mount);
  return {
    source: text(fields, "Source"),
    target: text(fields, "Destination"),
    readOnly: ownValue(fields, "RW") === false,
  };
}

const byTarget = (left: Mount, right: Mount): number => compareText(left.target, right.target);

function text(object: Readonly<Record<string, unknown>> | null, key: string): string {
  const value = ownValue(object, key);
  return typeof value === "string" ? value : "";
}

function number(object: Readonly<Record<string, unknown>> | null, key: string): number {
  const value = ownValue(object, key);
  return typeof value === "number" ? value : 0;
}
