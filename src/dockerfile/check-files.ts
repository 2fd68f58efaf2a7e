import { createHash } from "node:crypto";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { ImagePlan } from "../plan/image-plan.ts";

/** Files of the plan whose bytes are not at hand, or are not those that were planned. */
export function checkFiles(plan: ImagePlan, contents: Readonly<Record<string, Uint8Array>>): Diagnostic[] {
  return plan.layers
    .flatMap((layer) => (layer.kind === "files" ? layer.files : []))
    .filter(({ source, sha256 }) => {
      const bytes = Object.hasOwn(contents, source) ? contents[source] : undefined;
      return bytes === undefined || createHash("sha256").update(bytes).digest("hex") !== sha256;
    })
    .map(({ source }) => ({
      code: "RENDER_FILE_MISSING",
      severity: "error",
      message: `The file ${quoteValue(source)} is not the one that the image ${quoteValue(plan.name)} was planned with.`,
      hint: "Plan again with the image definitions as they are now.",
    }));
}
