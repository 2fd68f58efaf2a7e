import type { Engine } from "../../engine/engine.ts";
import type { FoundSandbox } from "./find-sandboxes.ts";
import { type SandboxSummary, summarize } from "./list-sandboxes.ts";

/** What would be otherwise if a sandbox were made now: its image's tag names another image, or its plan is another. */
export type Mismatch = "image" | "plan";

/** Those of the sandboxes that would be made otherwise now. Each image is asked for once. */
export async function findMismatched(
  engine: Engine,
  sandboxes: readonly FoundSandbox[],
  plannedHash: ((sandbox: SandboxSummary) => Promise<string | null>) | undefined,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<FoundSandbox, Mismatch>> {
  const references = [...new Set(sandboxes.map(({ labels }) => labels.image))];
  const images = new Map(
    await Promise.all(
      references.map(
        async (reference) => [reference, await engine.images.inspect(reference, signal)] as const,
      ),
    ),
  );
  const mismatched = new Map<FoundSandbox, Mismatch>();
  for (const sandbox of sandboxes) {
    const { container, labels } = sandbox;
    // Of an image that is gone nothing can be made: what stands on it stays.
    const current = images.get(labels.image)?.id ?? container.imageId;
    const hash = (await plannedHash?.(summarize(sandbox))) ?? labels.planHash;
    if (current !== container.imageId) mismatched.set(sandbox, "image");
    else if (hash !== labels.planHash) mismatched.set(sandbox, "plan");
  }
  return mismatched;
}
