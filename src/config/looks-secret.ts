/**
 * Whether a literal environment variable holds what looks like a secret, by its name or by its form. A path, a flag or a
 * number is what such names hold where the secret itself is elsewhere.
 */
export function looksSecret(name: string, value: string): boolean {
  if (value.length < 4 || /^(?:\/|~|\$\{)/.test(value) || /^(?:\d{1,6}|true|false|none|null)$/i.test(value))
    return false;
  return secretName.test(name) || secretForm.test(value);
}

const secretName =
  /(?:^|_)(?:API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD|CREDENTIALS?|AUTH|COOKIE|PAT|DSN)$/i;

/** Forms that issuers give their secrets so that they can be recognised, private keys, and URLs with a password. */
const secretForm =
  /^(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16}|^gh[opsur]_[A-Za-z0-9]{20}|^github_pat_|^glpat-|^xox[abeoprs]-|^xapp-|^AKIA[0-9A-Z]{16}$|^ASIA[0-9A-Z]{16}$|^AIza[\w-]{30}|^ya29\.|^npm_[A-Za-z0-9]{30}|^hf_[A-Za-z0-9]{20}|^eyJ[\w-]{8,}\.eyJ|-----BEGIN [A-Z ]*PRIVATE KEY|^[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,500}@/;
