import { quoteValue } from "../diagnostic/quote-value.ts";
import { type HeadNode, quoteNode } from "./head-node.ts";
import { nameGrammars } from "./name-grammars.ts";
import { readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";

/** The one variable that an API key of the gateway's configuration is given as; of a list, the first. */
export function readPrimaryEnv(node: HeadNode | undefined, reading: Reading): string | undefined {
  if (node?.type === "list" && node.items.length > 0) {
    reading.findings.warning(
      "SKILL_VALUE_TYPE",
      node.offset,
      `"primaryEnv" is one name, not the list ${quoteNode(node)}; its first entry was read.`,
      'Name one variable, and list the others under "requires" as "env".',
    );
    return readPrimaryEnv(node.items[0], reading);
  }
  const name = readText(node, "primaryEnv", reading);
  if (node === undefined || name === undefined) return undefined;
  const { pattern, code, hint, noun } = nameGrammars.env;
  if (pattern.test(name)) return name;
  reading.findings.error(code, node.offset, `${quoteValue(name)} is not the name of ${noun}.`, hint);
  return undefined;
}
