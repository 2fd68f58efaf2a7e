import { describeNode, type HeadNode, quoteNode } from "./head-node.ts";
import type { Reading } from "./reading.ts";

/**
 * A text, trimmed; a number or truth value counts as written. Undefined without a value, or, with a warning, if the
 * value is a list or a map.
 */
export function readText(node: HeadNode | undefined, path: string, reading: Reading): string | undefined {
  if (node === undefined || (node.type === "scalar" && node.value === null)) return undefined;
  if (node.type !== "scalar") {
    reading.findings.warning(
      "SKILL_VALUE_TYPE",
      node.offset,
      `"${path}" is ${describeNode(node)}, ${quoteNode(node)}, not a text; it was left out.`,
      "Write a text in quotes.",
    );
    return undefined;
  }
  if (typeof node.value !== "string") {
    reading.findings.warning(
      "SKILL_TEXT_TYPED",
      node.offset,
      `"${path}" is ${describeNode(node)} to YAML; it was read as the text ${quoteNode(node)}.`,
      "Put it in quotes.",
    );
  }
  const text = node.text.trim();
  if (text === "") return undefined;
  reading.note(path, node.offset);
  return text;
}

const words = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["no", false],
  ["off", false],
]);

/** True or false; the words for them too, with a warning. Anything else is an error and counts as `fallback`. */
export function readFlag(
  node: HeadNode | undefined,
  fallback: boolean,
  path: string,
  reading: Reading,
): boolean {
  if (node === undefined || (node.type === "scalar" && node.value === null)) return fallback;
  reading.note(path, node.offset);
  if (node.type === "scalar" && typeof node.value === "boolean") return node.value;
  const meant = node.type === "scalar" ? words.get(node.text.trim().toLowerCase()) : undefined;
  const report = meant === undefined ? reading.findings.error : reading.findings.warning;
  report(
    "SKILL_VALUE_TYPE",
    node.offset,
    `"${path}" is ${describeNode(node)}, ${quoteNode(node)}, not true or false.`,
    "Write true or false, without quotes.",
  );
  return meant ?? fallback;
}
