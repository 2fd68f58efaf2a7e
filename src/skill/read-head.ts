import matter from "gray-matter";
import { checkHeadLimits } from "./check-head-limits.ts";
import type { Findings } from "./findings.ts";
import { describeNode, type HeadMap, type HeadNode } from "./head-node.ts";
import type { HeadSpan } from "./locate-head.ts";
import { readPlainHead } from "./read-plain-head.ts";
import { parseYaml, type YamlText, yamlNodes } from "./read-yaml.ts";
import { recoverHead } from "./recover-head.ts";

/** The head's keys and values; null if it has none or cannot be read, which a diagnostic then says. */
export function readHead(span: HeadSpan, findings: Findings): HeadMap | null {
  const head = findings.text.slice(span.start, span.end);
  if (!checkHeadLimits(head, (index) => span.start + index, findings)) return null;
  const plain = readPlainHead(span.start, span.end, findings);
  if (plain !== null) return plain;
  const yaml = parseFenced(head, span.start);
  if (yaml === null) return reportEmptyHead(span, findings);
  const isReadable = yaml.faults.length === 0;
  return requireMap(isReadable ? yamlNodes(yaml, findings) : recoverHead(span, yaml, findings), findings);
}

/**
 * gray-matter with nothing left in it that could run: its other engines throw, its cache is off (it has options), and
 * its YAML is ours. It gets fences of our own around a text within limits, because its idea of a fence is any line that
 * begins with dashes, it looks its languages up through prototypes, and its search for comments is quadratic.
 */
function parseFenced(head: string, start: number): YamlText | null {
  let result: YamlText | null = null;
  const readBlock = (block: string): object => {
    result = parseYaml(block.slice(1), start); // the block begins with the opening fence's line end
    return {};
  };
  matter(`---\n${head}${head.endsWith("\n") ? "" : "\n"}---\n`, {
    language: "yaml",
    engines: { yaml: readBlock, json: refuseToRun, javascript: refuseToRun },
  });
  return result;
}

function refuseToRun(): never {
  throw new Error("Only YAML is read.");
}

function reportEmptyHead(span: HeadSpan, findings: Findings): null {
  findings.warning(
    "SKILL_HEAD_MISSING",
    span.start,
    "The head is empty; name and description come from the folder and the body.",
    'Add "name:" and "description:" between the fences.',
  );
  return null;
}

function requireMap(root: HeadNode | null, findings: Findings): HeadMap | null {
  if (root === null || root.type === "map") return root;
  findings.error(
    "SKILL_HEAD_NOT_MAP",
    root.offset,
    `The head is ${describeNode(root)}, not a map of keys and values.`,
    'Write lines of "key: value", at least "name:" and "description:".',
  );
  return null;
}
