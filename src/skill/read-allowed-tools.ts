import type { HeadNode } from "./head-node.ts";
import { readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";

/** `allowed-tools`: an array, or one text with commas or spaces between tools; `Bash(git add:*)` is one tool. */
export function readAllowedTools(node: HeadNode | undefined, reading: Reading): readonly string[] {
  if (node?.type === "list") {
    return node.items.flatMap((item, index) => readText(item, `allowedTools.${index}`, reading) ?? []);
  }
  return readText(node, "allowedTools", reading)?.match(/[^\s,(]+(?:\([^)]*\)?)?/g) ?? [];
}
