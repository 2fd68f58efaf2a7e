import { z } from "zod";
import { compareText } from "../../diagnostic/compare-text.ts";
import { environmentNamePattern } from "../../skill/name-grammars.ts";
import { type StateDocument, stateDocument } from "../../source/state-document.ts";
import type { SecretRule } from "./secret-skill.ts";

/** `secrets.json`: which names the operator allows and denies which skill. Holds no secret. */
export interface SecretRulesDocument {
  readonly format: "skillcrate/secret-rules@1";
  /** One for each name and skill, sorted. */
  readonly rules: readonly SecretRule[];
}

/**
 * The operator's rules in a folder: the records of one scope, or this program's state folder, whose rules are for all
 * scopes and come first. A damaged file is set aside and named, and allows nothing.
 */
export function secretRules(dir: string): StateDocument<SecretRulesDocument, SecretRulesDocument> {
  return stateDocument<SecretRulesDocument, SecretRulesDocument>({
    stateDir: dir,
    file: "secrets.json",
    schema,
    empty: { format: "skillcrate/secret-rules@1", rules: [] },
  });
}

/** The document with one rule set, in the place of what it said of that name and skill before. */
export function withRule(document: SecretRulesDocument, rule: SecretRule): SecretRulesDocument {
  const others = document.rules.filter(({ name, skill }) => name !== rule.name || skill !== rule.skill);
  const rules = [...others, rule].sort(
    (left, right) => compareText(left.name, right.name) || compareText(left.skill, right.skill),
  );
  return { ...document, rules };
}

const schema = z.strictObject({
  format: z.literal("skillcrate/secret-rules@1"),
  rules: z.array(
    z.strictObject({
      name: z.string().regex(environmentNamePattern),
      skill: z.string().min(1).max(1000),
      allow: z.boolean(),
    }),
  ),
}) satisfies z.ZodType<SecretRulesDocument>;
