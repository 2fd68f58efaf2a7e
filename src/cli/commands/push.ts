import { connectEngine } from "../../engine/connect-engine.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { pushOptions } from "../command-options.ts";
import { requireReference } from "./verify.ts";

/** Pushes an image and tells the digest that the registry knows it by. */
export async function push(context: CommandContext<typeof pushOptions>): Promise<CommandOutput> {
  const image = requireReference(context.args[0] ?? "");
  const engine = await connectEngine(context);
  const digest = await pushShowingProgress(image, context, engine.registry.push);
  const reference = `${repositoryOf(image)}@${digest}`;
  return { outcome: "ok", diagnostics: [], result: { image, digest, reference }, text: () => reference };
}

type Push = Awaited<ReturnType<typeof connectEngine>>["registry"]["push"];

async function pushShowingProgress(
  image: string,
  { story, signal }: CommandContext<typeof pushOptions>,
  pushImage: Push,
): Promise<string> {
  const display = story.followBuilds();
  const step = { image: "push", step: "push" };
  const startedMs = performance.now();
  display.event({ type: "step-started", ...step, title: image });
  try {
    const digest = await pushImage(
      image,
      (sent) => display.event({ type: "step-progress", ...step, ...sent }),
      signal,
    );
    const seconds = (performance.now() - startedMs) / 1000;
    display.event({ type: "step-done", ...step, cached: false, seconds });
    return digest;
  } finally {
    display.end();
  }
}

/** A tag is what follows a colon in the last part of a name; an earlier colon belongs to a registry's port. */
function repositoryOf(image: string): string {
  return image.replace(/:[^:/]*$/, "");
}
