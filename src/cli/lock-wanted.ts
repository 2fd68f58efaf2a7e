import type { BuiltImages, WantedImages } from "./build-wanted-images.ts";
import type { Surroundings } from "./command.ts";
import type { LockChange } from "./lock-built-images.ts";
import { lockInputsOf } from "./lock-inputs-of.ts";

/** Locks images that were just built. */
export async function lockWanted(
  { engine, planned, outcomes, leftOut, replan }: BuiltImages,
  { sources, options, network }: WantedImages,
  surroundings: Surroundings,
): Promise<LockChange> {
  const { lockBuiltImages } = await import("./lock-built-images.ts");
  const inputs = lockInputsOf(sources, options);
  const { plans } = planned;
  return await lockBuiltImages(
    { engine, plans, outcomes, inputs, leftOut, sources, network, replan },
    surroundings,
  );
}
