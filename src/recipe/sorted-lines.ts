/**
 * The rest of the line that begins with `key` and a space; null where no line does. `text` holds lines that end in a
 * line feed, sorted by code unit; none of them is parsed, or copied, before it is asked for.
 */
export function findLine(text: string, key: string): string | null {
  const wanted = `${key} `;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = Math.max(low, middle === 0 ? 0 : text.lastIndexOf("\n", middle - 1) + 1);
    const order = compareAt(text, start, wanted);
    if (order > 0) {
      high = start;
      continue;
    }
    const end = text.indexOf("\n", start);
    if (order === 0) return text.slice(start + wanted.length, end === -1 ? text.length : end);
    low = end === -1 ? text.length : end + 1;
  }
  return null;
}

/** Order of what stands at `start` and the wanted beginning: zero where it begins so. */
function compareAt(text: string, start: number, wanted: string): number {
  for (let index = 0; index < wanted.length; index += 1) {
    // Past the end of the text it is NaN, and so is every difference.
    const order = text.charCodeAt(start + index) - wanted.charCodeAt(index);
    if (order !== 0) return Number.isNaN(order) ? -1 : order;
  }
  return 0;
}
