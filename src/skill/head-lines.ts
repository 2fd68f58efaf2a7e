/** One line of a text: `end` is before its line end, `next` after it. */
export interface Line {
  readonly start: number;
  readonly end: number;
  readonly next: number;
  readonly text: string;
}

/** The lines of `text` from `start` up to `end`, without their line ends (LF or CRLF). */
export function* headLines(text: string, start: number, end = text.length): Generator<Line> {
  for (let from = start; from < end; ) {
    const feed = text.indexOf("\n", from);
    const next = feed === -1 || feed >= end ? end : feed + 1;
    const lineEnd = feed === -1 || feed >= end ? end : feed;
    const contentEnd = lineEnd > from && text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
    yield { start: from, end: contentEnd, next, text: text.slice(from, contentEnd) };
    from = next;
  }
}

/** A line that begins an entry of the head: a plain or quoted key in the first column, then a colon. */
export const keyLine = /^(?:([A-Za-z_][\w-]*)|"([A-Za-z_][\w-]*)"|'([A-Za-z_][\w-]*)')[ \t]*:(?=\s|$)/;

/** Keys by which a line outside any fences is known to belong to a head. */
export const headKeyLine =
  /^(?:name|description|metadata|homepage|requires|user-invocable|allowed-tools)[ \t]*:(?=\s|$)/;
