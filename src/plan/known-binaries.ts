import { essentialBins } from "../recipe/catalog/essential-bins.ts";
import { imageChain } from "./image-chain.ts";
import type { ImagePlan } from "./image-plan.ts";

/**
 * Every command that the named image has, as far as plans tell: its own promises, those of the planned images below
 * it, and what no Debian image can do without. Command → the name of the image that brings it.
 */
export function knownBinaries(name: string, plans: readonly ImagePlan[]): Map<string, string> {
  const known = new Map<string, string>();
  const chain = imageChain(name, plans);
  for (const plan of chain) {
    for (const promise of plan.promises) if (!known.has(promise.name)) known.set(promise.name, plan.name);
  }
  const lowest = chain[0]?.name ?? name;
  for (const bin of essentialBins.keys()) if (!known.has(bin)) known.set(bin, lowest);
  return known;
}
