import { type HeadNode, quoteNode } from "./head-node.ts";
import { readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";

/** The first address among the values; what is no http or https address is left out with a warning. */
export function readHomepage(nodes: readonly HeadNode[], reading: Reading): string | undefined {
  for (const node of nodes) {
    const url = readText(node, "homepage", reading);
    if (url === undefined) continue;
    if (/^https?:\/\/\S+$/i.test(url) && URL.canParse(url)) return url;
    reading.findings.warning(
      "SKILL_HOMEPAGE_INVALID",
      node.offset,
      `The homepage ${quoteNode(node)} is not an http or https address; it was left out.`,
      'Write the whole address, beginning with "https://".',
    );
  }
  return undefined;
}
