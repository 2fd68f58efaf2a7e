export interface BracketBalance {
  /** Behind the bracket that closes the first one, or the text's end where none does. */
  readonly end: number;
  /** The closing brackets that are missing there. */
  readonly missing: string;
  /** A bracket is closed by one of the other kind. */
  readonly isCrossed: boolean;
}

// A string without an end reaches to the end of the text: to look for its end from every quote would be quadratic.
const stringOrBracket = /"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)|[{}[\]]/gs;

const closers = new Map([
  ["{", "}"],
  ["[", "]"],
]);

/** Follows the brackets of a value that begins with one at `start`; those inside quotes do not count. */
export function balanceBrackets(text: string, start: number): BracketBalance {
  const open: string[] = [];
  stringOrBracket.lastIndex = start;
  for (let match = stringOrBracket.exec(text); match !== null; match = stringOrBracket.exec(text)) {
    const [token] = match;
    const closer = closers.get(token);
    if (closer !== undefined) open.push(closer);
    else if (token.length === 1 && open.pop() !== token)
      return { end: match.index, missing: "", isCrossed: true };
    if (open.length === 0) return { end: match.index + 1, missing: "", isCrossed: false };
  }
  return { end: text.length, missing: open.toReversed().join(""), isCrossed: false };
}
