/**
 * The upstream version in a Debian version (Debian Policy 5.6.12), without its epoch and revision, and without what
 * Debian adds to it for a changed source (`+dfsg`, `+ds1`): `2:1.5.3+dfsg-2` is 1.5.3.
 */
export function upstreamVersion(debianVersion: string): string {
  return debianVersion
    .replace(/^\d+:/, "")
    .replace(/-[^-]*$/, "")
    .replace(/[+.~](?:dfsg|ds|repack|git|really).*$/, "")
    .replaceAll("~", "");
}
