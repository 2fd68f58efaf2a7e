import { connectEngine } from "../../engine/connect/connect-engine.ts";
import { verifyImage } from "../../engine/probe/verify-image.ts";
import { formatBinaries } from "../../report/format-binaries.ts";
import { formatLibraryFacts } from "../../report/format-library-facts.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { verifyOptions } from "../command-options.ts";
import { requireReference } from "../require-reference.ts";

/** Runs the promised binaries inside an image and tells what each answered. */
export async function verify(context: CommandContext<typeof verifyOptions>): Promise<CommandOutput> {
  const reference = requireReference(context.args[0] ?? "");
  const engine = await connectEngine(context);
  const { image, facts, promisedBy, ok, diagnostics } = await verifyImage(engine, reference, {
    signal: context.signal,
    binaries: context.options.bin,
  });
  return {
    outcome: ok ? "ok" : "failed",
    diagnostics,
    result: {
      image: { reference, id: image.id, tags: image.tags, sizeBytes: image.sizeBytes },
      promisedBy,
      ok,
      facts,
    },
    text: (style) =>
      [formatBinaries(facts.binaries, style), formatLibraryFacts(facts.libraries ?? [], style)]
        .filter((part) => part !== "")
        .join("\n\n"),
  };
}
