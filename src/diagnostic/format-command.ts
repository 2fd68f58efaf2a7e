import { escapeText } from "./quote-value.ts";

/** A command line that can be copied into a shell; words that are more than plain are in single quotes. */
export function formatCommand(words: readonly string[]): string {
  return words
    .map((word) => (plain.test(word) ? word : `'${escapeText(word).replaceAll("'", "'\\''")}'`))
    .join(" ");
}

const plain = /^[A-Za-z0-9_./:@%+=,~-]+$/;
