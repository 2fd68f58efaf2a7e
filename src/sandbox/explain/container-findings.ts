import type { Session } from "../../config/session/session.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { howToGetImage } from "../ensure/how-to-get-image.ts";
import { scopeWords } from "../scope-words.ts";
import type { ExplainedContainer, ExplainedImage } from "./explanation.ts";

/** A container beside what it would be made of now. */
export interface SeenContainer {
  readonly what: "sandbox" | "browser";
  readonly image: Pick<ExplainedImage, "reference" | "origin" | "id">;
  /** Null: there is none. */
  readonly container: ExplainedContainer | null;
  /** Paths inside of folders that were removed since it was started. */
  readonly moved?: readonly string[];
}

/** What is wrong with a container, or keeps it from being made, each with what to type. */
export function containerFindings(
  { what, image, container, moved = [] }: SeenContainer,
  { scope }: Pick<Session, "scope">,
): readonly Diagnostic[] {
  const ofBrowser = what === "browser" ? ["--browser"] : [];
  const recreate = formatCommand(["skillcrate", "sandbox", "recreate", ...scopeWords(scope), ...ofBrowser]);
  const anew = `It is made anew when nobody uses it; at once: ${recreate}`;
  const found: Diagnostic[] = [];
  if (image.id === null) {
    found.push({
      code: "EXPLAIN_IMAGE_MISSING",
      severity: "error",
      message: `The engine has no image ${quoteValue(image.reference)} (${image.origin.key}).`,
      hint: `${what === "browser" ? "Build it: skillcrate setup --only browser" : howToGetImage(image.reference)}. No other image takes its place.`,
    });
  } else if (container !== null && container.imageId !== image.id) {
    found.push({
      code: "EXPLAIN_IMAGE_MOVED",
      severity: "warning",
      message: `${quoteValue(image.reference)} was built again since, and the ${what} still runs what it was before.`,
      hint: anew,
    });
  }
  const differences = container?.differences ?? [];
  if (differences.length > 0) {
    found.push({
      code: "EXPLAIN_DIFFERENCE",
      severity: "warning",
      message: `The ${what} is not what would be made now: ${differences.map(({ path }) => path).join(", ")}.`,
      hint: anew,
    });
  }
  if (moved.length > 0) {
    found.push({
      code: "EXPLAIN_DIFFERENCE",
      severity: "warning",
      message: `The ${what} still has folders that were removed since it was started, and nothing can be written there: ${moved.map(escapeText).join(", ")}.`,
      hint: anew,
    });
  }
  return [...found, ...(container?.loweredUlimits ?? [])];
}
