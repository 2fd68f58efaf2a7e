import { editDistance } from "../diagnostic/edit-distance.ts";
import type { HeadNode } from "./head-node.ts";

/** Keys that only ever introduce what a skill requires. */
const requiringWords: ReadonlySet<string> = new Set(["requires", "bins", "anybins", "primaryenv"]);

const requiringKey = new RegExp(`(?<![a-z])(?:${[...requiringWords].join("|")})(?![a-z])[^a-z]{0,2}:`, "i");

/**
 * Whether a key that nothing reads, or one below it, is a word for requirements, whatever separators, quotes or unseen
 * characters stand around it: what is lost then must be told.
 */
export function holdsRequirements(key: string, node: HeadNode): boolean {
  if (wordsOf(key).some((word) => requiringWords.has(word))) return true;
  if (node.type === "list") return node.items.some((item) => holdsRequirements("", item));
  if (node.type === "map")
    return [...node.entries].some(([name, { value }]) => holdsRequirements(name, value));
  return false;
}

/** Whether a text that cannot be read as a map has such a key. */
export function textHoldsRequirements(text: string): boolean {
  return requiringKey.test(text);
}

function wordsOf(key: string): string[] {
  return key
    .toLowerCase()
    .replace(/[_-]/g, "")
    .split(/[^a-z]+/);
}

const slippedFields = ["requires", "install", "primaryEnv", "anyBins"] as const;

/** The field that an unknown key of a namespace was likely meant to be, where losing it loses a requirement. */
export function slipOf(key: string): string | undefined {
  if (key.length > 20) return undefined;
  return slippedFields.find((field) => {
    const distance = editDistance(key.toLowerCase(), field.toLowerCase());
    return distance > 0 && distance <= 2;
  });
}
