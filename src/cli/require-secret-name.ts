import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { refuseName } from "../sandbox/secrets/refuse-name.ts";
import { environmentNamePattern } from "../skill/name-grammars.ts";

/** Throws `INPUT_INVALID` for a name that no sandbox is ever given. */
export function requireSecretName(name: string): void {
  // What is no name may be the secret itself, in the wrong place: it is not repeated.
  if (!environmentNamePattern.test(name)) {
    throw invalidSecret(
      "That is no name of an environment variable: letters, digits and _, not a digit first.",
    );
  }
  const refusal = refuseName(name);
  if (refusal?.kind === "never") {
    throw invalidSecret(`${quoteValue(name)} is never given to a sandbox: ${refusal.why}.`);
  }
}

export function invalidSecret(message: string): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", message, {
    hint: "Nothing was changed. skillcrate help secret",
  });
}
