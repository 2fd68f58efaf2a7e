import { type JsonSchema, type Kind, printAsIs, taken, unexpected } from "./kind.ts";

export const truthKind: Kind<boolean> = {
  expected: "true or false",
  schema: { type: "boolean" },
  isPrivate: false,
  read: (written) => (typeof written === "boolean" ? taken(written) : unexpected("true or false")),
  print: printAsIs,
};

/** One of a few words. */
export function choiceKind<const T extends string>(words: readonly T[]): Kind<T> {
  const expected = `one of ${words.map((word) => `"${word}"`).join(", ")}`;
  return {
    expected,
    schema: { enum: words },
    isPrivate: false,
    read(written) {
      const word = words.find((known) => known === written);
      return word === undefined ? unexpected(expected) : taken(word);
    },
    print: printAsIs,
  };
}

/** A number in a range, both ends included. */
export function numberKind(
  expected: string,
  { least, most, whole }: { readonly least: number; readonly most: number; readonly whole: boolean },
): Kind<number> {
  return {
    expected,
    schema: { type: whole ? "integer" : "number", minimum: least, maximum: most },
    isPrivate: false,
    read(written) {
      const fits =
        typeof written === "number" &&
        written >= least &&
        written <= most &&
        (!whole || Number.isInteger(written));
      return fits ? taken(written) : unexpected(expected);
    },
    print: printAsIs,
  };
}

export const portKind = numberKind("a port, 1 to 65535", { least: 1, most: 65_535, whole: true });

/** A text that a grammar takes. */
export function textKind(
  expected: string,
  accepts: (text: string) => boolean,
  schema: JsonSchema = {},
): Kind<string> {
  return {
    expected,
    schema: { type: "string", minLength: 1, ...schema },
    isPrivate: false,
    read: (written) =>
      typeof written === "string" && accepts(written) ? taken(written) : unexpected(expected),
    print: printAsIs,
  };
}

/** The same, by a pattern for the whole text, which editors know too. */
export function patternKind(expected: string, pattern: RegExp): Kind<string> {
  return textKind(expected, (text) => pattern.test(text), { pattern: pattern.source });
}
