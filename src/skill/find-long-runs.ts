/**
 * Runs of at least `length` letters, digits, `+` and `/`, with the `=` that may follow. Looks at every `length`th
 * character and goes back from there, so that a text of words costs next to nothing.
 */
export function findLongRuns(
  text: string,
  length: number,
): readonly { readonly offset: number; readonly text: string }[] {
  const found: { offset: number; text: string }[] = [];
  for (let last = length - 1; last < text.length; ) {
    let first = last;
    while (first > last - length && isPart(text.charCodeAt(first))) first -= 1;
    if (first > last - length) {
      last = first + length;
      continue;
    }
    let start = first + 1;
    while (start > 0 && isPart(text.charCodeAt(start - 1))) start -= 1;
    let end = last + 1;
    while (isPart(text.charCodeAt(end))) end += 1;
    while (text[end] === "=") end += 1;
    found.push({ offset: start, text: text.slice(start, end) });
    last = end + length;
  }
  return found;
}

function isPart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2f
  );
}
