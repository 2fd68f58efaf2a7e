import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { OptionSpec, OptionSpecs, OptionValues } from "./option.ts";

/**
 * Gives every option of a table its value: what was typed, checked against the option's choices and grammar, or its
 * fallback. Throws `USAGE`, naming option, value and what was expected.
 */
export function readOptionValues<O extends OptionSpecs>(
  specs: O,
  typed: Readonly<Record<string, unknown>>,
): OptionValues<O> {
  const values: Record<string, unknown> = {};
  for (const [key, spec] of Object.entries(specs)) {
    const value = typed[key];
    values[key] = value === undefined ? spec.fallback : readValue(spec, value);
  }
  return values as OptionValues<O>;
}

function readValue(spec: OptionSpec<unknown>, value: unknown): unknown {
  if (spec.kind === "flag") return value === true;
  const words = (Array.isArray(value) ? value : [value]).map(String);
  if (spec.kind === "text") return checkWord(spec, words.at(-1) ?? "");
  return words.flatMap((word) => word.split(",")).map((word) => checkWord(spec, word.trim()));
}

function checkWord(spec: OptionSpec<unknown>, word: string): string {
  const option = spec.flags.split(" ")[0] ?? spec.flags;
  if (spec.choices !== null && !spec.choices.includes(word)) {
    throw usage(option, spec, word, `one of ${spec.choices.join(", ")}`);
  }
  if (spec.grammar !== null && !spec.grammar.accepts(word)) {
    throw usage(option, spec, word, spec.grammar.expected);
  }
  return word;
}

function usage(option: string, spec: OptionSpec<unknown>, word: string, expected: string): SkillcrateError {
  return new SkillcrateError("USAGE", `${option} does not take ${quoteValue(word)}: expected ${expected}.`, {
    hint: `Write ${spec.flags}: ${spec.summary}`,
  });
}
