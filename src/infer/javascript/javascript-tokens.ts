import { hole } from "../code.ts";

export interface JavaScriptToken {
  readonly type: "name" | "string" | "other";
  /** Of a string its text: escapes as written, and a {@link hole} for each expression in a template. */
  readonly value: string;
  readonly offset: number;
}

/**
 * Tokens of JavaScript or TypeScript, as far as imports and calls need them. Never fails; linear in time. The tokens of
 * an expression in a template come after the template itself.
 */
export function javascriptTokens(text: string): JavaScriptToken[] {
  const tokens: { type: JavaScriptToken["type"]; value: string; offset: number }[] = [];
  /** Templates that are open: index of the token, and braces that are open in the expression. */
  const templates: { token: number; braces: number }[] = [];
  let index = text.startsWith("#!") ? lineEnd(text, 0) : 0;

  const readTemplate = (): void => {
    const template = templates.at(-1);
    const end = pieceEnd(text, index, "`");
    const target = template === undefined ? undefined : tokens[template.token];
    if (target !== undefined) target.value += text.slice(index, end);
    index = end + 1;
    if (text[end] !== "$") templates.pop();
    else if (target !== undefined) {
      target.value += hole;
      index += 1;
    }
  };

  while (index < text.length) {
    const offset = index;
    token.lastIndex = index;
    const [whole = text[index] ?? "", blank, quote, name] = token.exec(text) ?? [];
    index += whole.length;
    if (blank !== undefined) continue;
    if (whole === "/*") {
      const end = text.indexOf("*/", index);
      index = end === -1 ? text.length : end + 2;
      continue;
    }
    const template = templates.at(-1);
    if (quote === "`") {
      templates.push({ token: tokens.push({ type: "string", value: "", offset }) - 1, braces: 0 });
      readTemplate();
    } else if (quote !== undefined) {
      const end = pieceEnd(text, index, quote);
      tokens.push({ type: "string", value: text.slice(index, end), offset });
      index = text[end] === quote ? end + 1 : end;
    } else if (whole === "}" && template?.braces === 0) readTemplate();
    else if (whole === "/" && startsExpression(tokens.at(-1))) index = regularExpressionEnd(text, index);
    else {
      if (template !== undefined && whole === "{") template.braces += 1;
      if (template !== undefined && whole === "}") template.braces -= 1;
      tokens.push({ type: name === undefined ? "other" : "name", value: whole, offset });
    }
  }
  return tokens;
}

const token = /(\s+|\/\/[^\n]*)|\/\*|(["'`])|([\p{L}_$][\p{L}\p{N}_$]*)|\d[\w.]*|=>|./suy;

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end === -1 ? text.length : end;
}

/** Where a string ends: at its quote, at the end of its line, or for a template at an expression's `$`. */
function pieceEnd(text: string, start: number, quote: string): number {
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === quote) return index;
    else if (quote === "`" ? character === "$" && text[index + 1] === "{" : character === "\n") return index;
  }
  return text.length;
}

const beforeExpression = new Set(
  "return typeof case do else in of void delete throw new yield await".split(" "),
);

/** Whether a slash after this token begins a regular expression; a closing brace may end a block or an object. */
function startsExpression(before: JavaScriptToken | undefined): boolean {
  if (before === undefined) return true;
  if (before.type === "name") return beforeExpression.has(before.value);
  return before.type === "other" && !/^[\d)\]}]/.test(before.value);
}

function regularExpressionEnd(text: string, start: number): number {
  let isClass = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === "\n") return index;
    if (character === "\\") index++;
    else if (character === "[") isClass = true;
    else if (character === "]") isClass = false;
    else if (character === "/" && !isClass) return index + 1;
  }
  return text.length;
}
