import type { Overlay } from "../recipe/overlay.ts";
import { readInstallEntry } from "../recipe/read-install.ts";
import { createFindings, type Findings } from "../skill/findings.ts";
import { type HeadNode, toJson } from "../skill/head-node.ts";
import { findJson5Fault, readJson5 } from "../skill/read-json5.ts";
import { normaliseOverlay } from "./normalise-overlay.ts";
import { overlaySchema } from "./overlay-schema.ts";
import type { ReadOverlayResult } from "./read-overlay.ts";
import { reportOverlayIssue } from "./report-overlay-issue.ts";

/**
 * The text of an overlay → its value, with every problem at its place. Null where there is an error: a correction that
 * was misread would build something else than its author meant.
 */
export function parseOverlay(text: string, file: string): ReadOverlayResult {
  const findings = createFindings(file, text.replace(/^\ufeff/, ""));
  const tree = readTree(findings);
  if (tree === null) return { overlay: null, diagnostics: findings.list() };
  const parsed = overlaySchema.safeParse(toJson(tree));
  if (!parsed.success) {
    for (const issue of parsed.error.issues) reportOverlayIssue(issue, tree, findings);
    return { overlay: null, diagnostics: findings.list() };
  }
  const overlay = normaliseOverlay(parsed.data, tree, findings);
  const diagnostics = [...findings.list(), ...refusedPackages(overlay)];
  const usable = diagnostics.every(({ severity }) => severity !== "error");
  return { overlay: usable ? overlay : null, diagnostics };
}

function readTree(findings: Findings): HeadNode | null {
  try {
    const fault = findJson5Fault(findings.text);
    if (fault === null) {
      const tree = readJson5(findings.text, (index) => index, findings);
      return findings.has("error") ? null : tree;
    }
    const hint = "Correct the text at this place.";
    findings.error("OVERLAY_SYNTAX", fault.index, `The overlay is not JSON5: ${fault.message}.`, hint);
  } catch (error) {
    // The readers call themselves for each level.
    if (!(error instanceof RangeError)) throw error;
    const hint = "An overlay has at most six levels.";
    findings.error("OVERLAY_SYNTAX", 0, "The overlay is nested too deeply to be read.", hint);
  }
  return null;
}

/** The grammars of the ecosystems hold here too: an overlay may come with somebody else's folder. */
function refusedPackages({ skills, bins }: Overlay) {
  const installs = [...skills.flatMap(({ install }) => install), ...Object.values(bins).flat()];
  return installs.flatMap(({ spec, key }) => readInstallEntry(spec, key).refusals);
}
