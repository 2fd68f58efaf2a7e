import type { Overlay } from "../../src/recipe/overlay.ts";
import { parseOverlay } from "../../src/source/parse-overlay.ts";

/** The value of an overlay's text, which must be free of problems. */
export function overlayOf(text: string): Overlay {
  const { overlay, diagnostics } = parseOverlay(text, "/project/skillcrate.json5");
  if (overlay !== null && diagnostics.length === 0) return overlay;
  throw new Error(`the overlay of a test is wrong: ${diagnostics.map(({ message }) => message).join(" ")}`);
}
