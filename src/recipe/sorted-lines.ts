/**
 * The rest of the line that begins with `key` and a space; null where no line does. `text` holds lines that end in a
 * line feed, sorted by code unit; none of them is parsed before it is asked for.
 */
export function findLine(text: string, key: string): string | null {
  const wanted = `${key} `;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const start = text.lastIndexOf("\n", ((low + high) >>> 1) - 1) + 1;
    const begin = Math.max(start, low);
    const end = text.indexOf("\n", begin);
    const line = text.slice(begin, end === -1 ? text.length : end);
    if (line.startsWith(wanted)) return line.slice(wanted.length);
    if (line < wanted) low = begin + line.length + 1;
    else high = begin;
  }
  return null;
}
