import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { isImageReference } from "../plan/image-reference.ts";

/** An image's name or id. Throws `USAGE` for anything else, before an engine is asked. */
export function requireReference(reference: string): string {
  if (isImageReference(reference) || /^(?:sha256:)?[a-f0-9]{12,64}$/.test(reference)) return reference;
  throw new SkillcrateError("USAGE", `${quoteValue(reference)} is not an image.`, {
    hint: "Name an image as docker images shows it, such as openclaw-sandbox:bookworm-slim.",
  });
}
