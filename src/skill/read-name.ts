import { quoteValue } from "../diagnostic/quote-value.ts";
import type { HeadMap, HeadNode } from "./head-node.ts";
import { readText } from "./read-text.ts";
import type { Reading } from "./reading.ts";

const longestName = 128;

/** The skill's name as written; the folder's where there is none or where it could be taken for a path. */
export function readName(
  head: HeadMap,
  node: HeadNode | undefined,
  folder: string,
  reading: Reading,
): string {
  const name = readText(node, "name", reading);
  if (name === undefined || node === undefined) {
    reportMissing(node ?? head, folder, reading);
    return folder;
  }
  const fault = faultOf(name);
  if (fault !== undefined) {
    reading.findings.error(
      "SKILL_NAME_INVALID",
      node.offset,
      `The name ${quoteValue(name)} ${fault}.`,
      "Write a short name, best of small letters, digits and hyphens.",
    );
    return folder;
  }
  reportDoubtful(name, node, reading);
  return name;
}

function faultOf(name: string): string | undefined {
  if (name.length > longestName) return `has ${name.length} characters; at most ${longestName} are allowed`;
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(name.replaceAll("\u{200d}", "")))
    return "has invisible characters";
  if (/[/\\]/.test(name) || /^\.+$/.test(name)) return "could be taken for a path";
  return undefined;
}

function reportDoubtful(name: string, node: HeadNode, { findings }: Reading): void {
  if (/\p{Script=Latin}/u.test(name) && /\p{Script=Cyrillic}|\p{Script=Greek}/u.test(name)) {
    findings.warning(
      "SKILL_NAME_MIXED_SCRIPT",
      node.offset,
      `The name ${quoteValue(name)} mixes letters of scripts that look alike.`,
      "Write it in one script.",
    );
  }
  const isDate = node.type === "scalar" && !node.isQuoted && /^\d{4}-\d{1,2}-\d{1,2}/.test(name);
  if (isDate) {
    findings.warning(
      "SKILL_TEXT_TYPED",
      node.offset,
      `The name ${quoteValue(name)} is a date to many readers of YAML; it was read as written.`,
      "Put it in quotes.",
    );
  }
}

function reportMissing(node: HeadNode, folder: string, { findings, isWhole }: Reading): void {
  if (!isWhole) return;
  findings.warning(
    "SKILL_NAME_INVALID",
    node.offset,
    `The head gives no name; the folder's, ${quoteValue(folder)}, stands in.`,
    'Add "name:".',
  );
}
