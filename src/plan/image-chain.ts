import type { ImagePlan } from "./image-plan.ts";

/** The plans of an image and of those below it, lowest first; empty where there is no such plan. */
export function imageChain(name: string, plans: readonly ImagePlan[]): ImagePlan[] {
  const chain: ImagePlan[] = [];
  let plan = plans.find((candidate) => candidate.name === name);
  while (plan !== undefined && !chain.includes(plan)) {
    chain.unshift(plan);
    const below: ImagePlan["below"] = plan.below;
    plan = below.kind === "planned" ? plans.find((candidate) => candidate.name === below.name) : undefined;
  }
  return chain;
}
