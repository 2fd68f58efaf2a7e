/** What an attacker writes where the name of a command or a package is asked for: never either, for any ecosystem. */
export const hostileText: readonly string[] = [
  "jq\nRUN id>/pwn",
  "jq;id",
  "`id`",
  "$(id)",
  "$HOME",
  "a&&b",
  "a|b",
  "a b",
  '"a"',
  "a\\",
  "*",
  "#",
  "~",
  "-rf",
  "",
  ".",
  "..",
  "../jq",
  "/bin/sh",
  "a\0b",
  "a\u{202e}b",
  // Cyrillic.
  "\u{430}",
  "j\u{440}",
];

/** The same for commands, whose names are held to more. */
export const hostileBinaries: readonly string[] = [...hostileText, "--version", "a/b", "a=b", "x".repeat(65)];
