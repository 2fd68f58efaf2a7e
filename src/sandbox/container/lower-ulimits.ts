import { compareText } from "../../diagnostic/compare-text.ts";
import { type ContainerPlan, containerLabels } from "./container-plan.ts";

/** The highest limits that an engine may give its containers, by name; what is not among them has none. */
export type HardUlimits = Readonly<Record<string, number>>;

/**
 * A plan as an engine with these limits can carry it out. What was asked for stays in its hash; a label says what is lower
 * than that, so that whoever compares the container with its plan knows. The same plan where nothing is.
 */
export function lowerUlimits(plan: ContainerPlan, hardUlimits: HardUlimits): ContainerPlan {
  const asked = plan.body.HostConfig.Ulimits;
  const lowered = asked
    .map(({ Name, Hard }) => [Name, hardUlimits[Name] ?? Number.POSITIVE_INFINITY, Hard] as const)
    .filter(([, ceiling, hard]) => ceiling < finite(hard));
  if (lowered.length === 0) return plan;
  const ceilings = Object.fromEntries(lowered);
  const Ulimits = asked.map(({ Name, Soft, Hard }) => {
    const ceiling = ceilings[Name];
    return ceiling === undefined
      ? { Name, Soft, Hard }
      : { Name, Soft: Math.min(finite(Soft), ceiling), Hard: ceiling };
  });
  const HostConfig = { ...plan.body.HostConfig, Ulimits };
  const Labels = { ...plan.body.Labels, [containerLabels.hardUlimits]: writeHardUlimits(ceilings) };
  return { ...plan, body: { ...plan.body, Labels, HostConfig } };
}

/** What a container's labels say that its engine may not exceed; empty: all that was asked for it has. */
export function readHardUlimits(labels: Readonly<Record<string, unknown>>): HardUlimits {
  const pairs = String(labels[containerLabels.hardUlimits] ?? "").matchAll(/([a-z]+)=(\d{1,15})(?:,|$)/g);
  return Object.fromEntries([...pairs].map(([, name = "", limit]) => [name, Number(limit)]));
}

function writeHardUlimits(hardUlimits: HardUlimits): string {
  const pairs = Object.entries(hardUlimits).map(([name, limit]) => `${name}=${limit}`);
  return pairs.sort(compareText).join(",");
}

/** The engine's word for no limit is -1. */
function finite(limit: number): number {
  return limit === -1 ? Number.POSITIVE_INFINITY : limit;
}
