import { imageChain } from "./image-chain.ts";
import type { ImagePlan } from "./image-plan.ts";
import { withoutVersion } from "./predict-layer.ts";

/** The Debian packages that the named image and the planned images below it are made with; each once, lowest first. */
export function knownPackages(name: string, plans: readonly ImagePlan[]): string[] {
  const layers = imageChain(name, plans).flatMap((plan) => plan.layers);
  const packages = layers.flatMap((layer) => (layer.kind === "packages" ? layer.packages : []));
  return [...new Set(packages.map(withoutVersion))];
}
