import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { isImageReference } from "./image-reference.ts";

/** Why no engine takes the tag; null where they do. Only its prefix comes from outside. */
export function checkTag(tag: string): Diagnostic | null {
  if (isImageReference(tag)) return null;
  return {
    code: "PLAN_TAG_INVALID",
    severity: "error",
    message: `${quoteValue(tag)} cannot be an image's name.`,
    hint: "Choose a tag prefix of lower-case letters, digits and single separators, such as openclaw- or registry.example/team/openclaw-.",
  };
}
