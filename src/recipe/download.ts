/** What a warning says of a download that nothing holds to one content. */
export const noDigest = "no sha256 is declared, so every build takes what the address gives";
