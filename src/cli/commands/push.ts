import { connectEngine } from "../../engine/connect/connect-engine.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { pushOptions } from "../command-options.ts";
import { pushImage } from "../push-image.ts";
import { requireReference } from "../require-reference.ts";

/** Pushes an image and tells the digest that the registry knows it by. */
export async function push(context: CommandContext<typeof pushOptions>): Promise<CommandOutput> {
  const image = requireReference(context.args[0] ?? "");
  const engine = await connectEngine(context);
  const result = await pushImage(engine, image, context);
  return { outcome: "ok", diagnostics: [], result, text: () => result.reference };
}
