/** What a text says as JSON; undefined, which no JSON says, where it is cut, damaged or made to be unreadable. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // SyntaxError: cut or damaged. RangeError: nested deeper than the stack.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return undefined;
  }
}
