/**
 * Where programs keep logins, by path from the home. A name that is new here is one that the next program invents; what
 * {@link looksLikeCredentials} sees in the text is the other half.
 */
export function isCredentialPath(path: string): boolean {
  return credentialPaths.some((pattern) => pattern.test(path));
}

/** Files and folders as their programs' own documentation names them. */
const credentialPaths: readonly RegExp[] = [
  // Keys: everything of ssh but what is public.
  /^\.ssh\/(?!known_hosts$|config$|[^/]*\.pub$)/,
  /^\.gnupg\//,
  /(?:^|\/)id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  /\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|asc|age)$/i,
  // One file for many programs.
  /(?:^|\/)(?:\.|_)netrc$/,
  /(?:^|\/)\.env(?:\.[^/]*)?$/,
  /(?:^|\/)\.(?:npmrc|yarnrc\.yml|pypirc|pgpass|my\.cnf|git-credentials|vault-token|boto|s3cfg|htpasswd)$/,
  // Programs' own folders.
  /^\.(?:aws|azure|docker|kube|oci|password-store|terraform\.d|gem)\//,
  /^\.cargo\/credentials/,
  /^\.config\/(?:gcloud|gh|hub|rclone|doctl|op|sops|himalaya|configstore)(?:\/|$)/,
  /^\.local\/share\/(?:keyrings|kwalletd|python_keyring)\//,
  /^\.(?:mozilla|config\/(?:google-chrome|chromium|BraveSoftware))\//,
  // What people name so.
  /(?:^|\/)[^/]*(?:token|secret|credential|password|passwd|cookie|oauth|session|api[_-]?key)[^/]*$/i,
  /(?:^|\/)(?:auth|hosts|login|account)s?\.(?:json|ya?ml|toml|db|sqlite)$/i,
  // What was typed, passwords included.
  /(?:^|\/)\.[^/]*_history$|(?:^|\/)\.lesshst$/,
];

/** The longest file that is searched for what looks like a login. */
export const maxSearchedBytes = 1024 * 1024;

/** Whether a text holds a private key, a token of a known form, or a field with a name such as `refresh_token`. */
export function looksLikeCredentials(text: string): boolean {
  return credentialTexts.some((pattern) => pattern.test(text));
}

/** None of these can take longer than the text is long, however it was made. */
const credentialTexts: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY/,
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|sk-|pk_live_|rk_live_|sk_live_|npm_|pypi-|hf_|ya29\.)[\w-]{12}/,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[\w-]{30}/,
  /\beyJ[\w-]{10,500}\.[\w-]{10}/,
  /(?:token|secret|password|passwd|api[_-]?key|private[_-]?key|access[_-]?key|credential|authorization|bearer|cookie)s?["']?\s{0,8}[:=]\s{0,8}["']?[^\s"',{}[\]()]{6}/i,
  /\bbearer\s{1,8}[\w.~+/-]{12}/i,
  /:\/\/[^\s/:@]{1,200}:[^\s/@]{1,500}@/,
];
