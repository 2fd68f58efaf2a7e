import type { PythonLine, PythonToken } from "./python-tokens.ts";

export interface PythonStatement {
  readonly indent: number;
  /** Without the colon that ends a header. Never empty. */
  readonly tokens: readonly PythonToken[];
  /** It opens a block: `try:`, `if x:`. */
  readonly isHeader: boolean;
}

/** Statements that share a line, one by one: `try: import x` gives two, the second indented by one more. */
export function pythonStatements(lines: readonly PythonLine[]): PythonStatement[] {
  return lines.flatMap(splitLine);
}

const compound = new Set(
  "try except else finally if elif for while with def class async match case".split(" "),
);

function splitLine({ indent, tokens }: PythonLine): PythonStatement[] {
  if (!compound.has(tokens[0]?.value ?? "")) return splitSimple(indent, tokens);
  const colon = findAtTop(tokens, ":", 0);
  if (colon === -1) return splitSimple(indent, tokens);
  return [
    { indent, tokens: tokens.slice(0, colon), isHeader: true },
    ...splitSimple(indent + 1, tokens.slice(colon + 1)),
  ];
}

function splitSimple(indent: number, tokens: readonly PythonToken[]): PythonStatement[] {
  const statements: PythonStatement[] = [];
  for (let start = 0; start < tokens.length; ) {
    const found = findAtTop(tokens, ";", start);
    const end = found === -1 ? tokens.length : found;
    if (end > start) statements.push({ indent, tokens: tokens.slice(start, end), isHeader: false });
    start = end + 1;
  }
  return statements;
}

function findAtTop(tokens: readonly PythonToken[], wanted: string, start: number): number {
  let depth = 0;
  for (let index = start; index < tokens.length; index++) {
    const { type, value } = tokens[index] ?? { type: "string", value: "" };
    if (type === "string") continue;
    if ("([{".includes(value)) depth += 1;
    else if (")]}".includes(value)) depth -= 1;
    else if (value === wanted && depth <= 0) return index;
  }
  return -1;
}
