import type { Engine } from "../engine/engine.ts";
import type { Surroundings } from "./command.ts";
import { showStep } from "./show-step.ts";

/** Pushes a tag, showing progress, and gives `repository@sha256:…` as the registry has it now. */
export async function pushImage(
  engine: Engine,
  image: string,
  { story, signal }: Surroundings,
): Promise<{ readonly image: string; readonly digest: string; readonly reference: string }> {
  const digest = await showStep(story, "push", async (step) => {
    step.start(image);
    return await engine.registry.push(image, (sent) => step.progress(sent.bytes, sent.totalBytes), signal);
  });
  return { image, digest, reference: `${repositoryOf(image)}@${digest}` };
}

/** A tag is what follows a colon in the last part of a name; an earlier colon belongs to a registry's port. */
function repositoryOf(image: string): string {
  return image.replace(/:[^:/]*$/, "");
}
