/** Why something in a skill is not mirrored although the skill is. */
export type LeftOutReason = "repository" | "dependencies" | "secret";

export interface LeftOut {
  /** From the skill's folder. */
  readonly path: string;
  readonly reason: LeftOutReason;
}

/** What is left out by its name alone, whatever it is; letter case does not count. */
export function leftOutByName(name: string): LeftOutReason | null {
  const lower = name.toLowerCase();
  const known = names.get(lower);
  if (known !== undefined) return known;
  // `.env`, `.env.local`, `.envrc`.
  if (lower.startsWith(".env")) return "secret";
  // OpenSSH: id_rsa, id_ed25519, id_ecdsa_sk; their .pub halves are public.
  if (/^id_(rsa|dsa|ecdsa|ed25519|xmss)(_sk)?$/.test(lower)) return "secret";
  return /\.(p12|pfx|jks|keystore|kdbx|ppk)$/.test(lower) ? "secret" : null;
}

/** Names whose content decides: a `.pem` is a certificate as often as a key, a `.key` may be a presentation. */
export function mayHoldPrivateKey(name: string): boolean {
  return /\.(pem|key|asc|gpg)$/i.test(name);
}

/** Whether a file of such a name holds a private key in the armour of PEM, OpenSSH or PGP. */
export function holdsPrivateKey(bytes: Buffer): boolean {
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----/.test(bytes.toString("latin1"));
}

const names = new Map<string, LeftOutReason>([
  [".git", "repository"],
  [".hg", "repository"],
  [".svn", "repository"],
  [".jj", "repository"],
  ["node_modules", "dependencies"],
  [".ssh", "secret"],
  [".gnupg", "secret"],
  [".aws", "secret"],
  [".netrc", "secret"],
  ["_netrc", "secret"],
  [".npmrc", "secret"],
  [".pypirc", "secret"],
  [".git-credentials", "secret"],
  [".htpasswd", "secret"],
]);
