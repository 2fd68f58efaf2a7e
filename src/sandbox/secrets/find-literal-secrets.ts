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

function looksSecret(name: string, value: string): boolean {
  // A path, a flag or a number is what such names hold where the secret itself is elsewhere.
  if (value.length < 4 || /^(?:\/|~|\$\{)/.test(value) || /^(?:\d{1,6}|true|false|none|null)$/i.test(value))
    return false;
  return secretName.test(name) || secretForm.test(value);
}

const secretName =
  /(?:^|_)(?:API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS?|AUTH|COOKIE|PAT|DSN)$/i;

/** Forms that issuers give their secrets so that they can be recognised, private keys, and URLs with a password. */
const secretForm =
  /^(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16}|^gh[opsur]_[A-Za-z0-9]{20}|^github_pat_|^glpat-|^xox[abeoprs]-|^xapp-|^AKIA[0-9A-Z]{16}$|^ASIA[0-9A-Z]{16}$|^AIza[\w-]{30}|^ya29\.|^npm_[A-Za-z0-9]{30}|^hf_[A-Za-z0-9]{20}|^eyJ[\w-]{8,}\.eyJ|-----BEGIN [A-Z ]*PRIVATE KEY|^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,500}@/;
