const longestShown = 80;

/**
 * A foreign value as it may appear in a message: in double quotes, cut at 80 characters, with control characters,
 * line ends, bidirectional marks, zero-width and tag characters written as escapes, so that no name or path can move
 * a terminal's cursor or hide its own end.
 */
export function quoteValue(value: unknown): string {
  const text = typeof value === "string" ? value : describe(value);
  const cut = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return `"${escapeText(cut)}"`;
}

/** The same escapes without quotes and without a cut, for log lines and paths. Tabs become `\t`, line ends `\n`. */
export function escapeText(text: string): string {
  return text.replace(unsafe, (character) => {
    const known = shortEscapes.get(character);
    if (known !== undefined) return known;
    const point = character.codePointAt(0) ?? 0;
    return point > 0xff_ff ? `\\u{${point.toString(16)}}` : `\\u${point.toString(16).padStart(4, "0")}`;
  });
}

const shortEscapes = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\u001b", "\\u001b"],
]);

// Cc, Cf (bidirectional, zero-width, tags), line and paragraph separators, and halves of surrogate pairs.
const unsafe = /\p{Cc}|\p{Cf}|\u2028|\u2029|\p{Cs}/gu;

function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
