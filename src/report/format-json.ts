/**
 * A value as one JSON text that is safe to look at: characters that move a cursor or hide text are
 * written as escapes, which every JSON reader turns back into the same value. `indent` 0 keeps it on one line.
 */
export function formatJson(value: unknown, indent: 0 | 2): string {
  return JSON.stringify(value, null, indent).replace(hidden, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
    }).join(""),
  );
}

// JSON.stringify escapes C0 controls and lone surrogates itself; line ends between values must stay as they are.
const hidden = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;
