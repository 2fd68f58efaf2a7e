import { quoteValue } from "../diagnostic/quote-value.ts";

/** Why an install entry of another kind gives nothing; `declaredKind` is the word as the skill has it. */
export function whyNotBuilt(declaredKind: string): string {
  return `this entry of kind ${quoteValue(declaredKind)} cannot be used: packages of Debian, npm and Python, Go commands, crates and downloads can`;
}
