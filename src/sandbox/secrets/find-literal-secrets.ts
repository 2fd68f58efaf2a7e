import { looksSecret } from "../../config/looks-secret.ts";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";

/**
 * Literals in a container's `docker.env` that look like secrets, by name or by form. They show in `docker inspect`, in
 * the gateway's configuration, and in `/proc` of every process of the container.
 */
export function findLiteralSecrets(dockerEnv: Readonly<Record<string, string>>): Diagnostic[] {
  return Object.keys(dockerEnv)
    .filter((name) => looksSecret(name, dockerEnv[name] ?? ""))
    .sort(compareText)
    .map((name) => ({
      code: "SECRET_ENV_LITERAL",
      severity: "warning",
      message: `"docker.env" sets ${quoteValue(name)} to what looks like a secret: whoever may inspect the container reads it.`,
      hint:
        `Make a new one where it came from, take it out of docker.env, and give it to one scope: ` +
        `skillcrate secret set ${name}, then skillcrate secret allow ${name} --skill SKILL`,
    }));
}
