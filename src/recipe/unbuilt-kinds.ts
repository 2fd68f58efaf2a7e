import { quoteValue } from "../diagnostic/quote-value.ts";
import type { InstallKind } from "../skill/skill.ts";

const limit =
  "this version builds Debian, npm and Python packages, Go commands and crates, and takes downloads";

const unbuiltKinds: Readonly<Partial<Record<InstallKind, string>>> = {
  brew: `Homebrew is no part of a sandbox image, and the catalog has no other source: ${limit}`,
};

/** Why an install entry of this kind gives nothing; `declaredKind` is the word as the skill has it. */
export function whyNotBuilt(kind: InstallKind | null, declaredKind: string): string {
  const known = kind === null ? undefined : unbuiltKinds[kind];
  return known ?? `this entry of kind ${quoteValue(declaredKind)} cannot be used: ${limit}`;
}
