/**
 * Characters of a configuration that is read: many times what people write. json5 takes about a million a second, and
 * fewer of what is deep.
 */
export const longestConfigText = 1_000_000;
