import type { Confidence } from "../inferred.ts";
import type { Mention } from "../mention.ts";
import { moduleName } from "./module-name.ts";
import type { PythonStatement } from "./python-statements.ts";
import type { PythonToken } from "./python-tokens.ts";

/**
 * The modules that a program imports, local ones included. An import that the program can do without is `likely`: one in
 * a `try` that goes on without it. One that stands in for another, or is for another system or another version of
 * Python, is a `guess`; what is for type checkers alone is none.
 */
export function findImports(statements: readonly PythonStatement[]): Mention[] {
  const found: FoundImport[] = [];
  const blocks: Block[] = [];
  for (const statement of statements) {
    const closed = closeBlocks(blocks, statement.indent);
    for (const block of blocks) if (block.kind === "handler") watchHandler(block.attempt, statement);
    if (statement.isHeader) blocks.push(openBlock(statement, closed));
    else if (!blocks.some(({ kind }) => kind === "typing")) {
      for (const mention of importsOf(statement.tokens)) found.push({ mention, blocks: [...blocks] });
    }
  }
  return found.map(({ mention, blocks: around }) => ({
    ...mention,
    confidence: confidenceIn(around, mention),
  }));
}

interface FoundImport {
  readonly mention: Mention;
  readonly blocks: readonly Block[];
}

/** A `try`, and what its handlers do when an import in it fails. */
interface Attempt {
  /** A handler names ImportError, or ModuleNotFoundError. */
  catchesImport: boolean;
  catchesAll: boolean;
  exits: boolean;
  /** It sets something to None or False, and goes on. */
  fallsBack: boolean;
  /** It tells people to install something. */
  advises: boolean;
}

type Block =
  | { readonly kind: "plain" | "typing" | "elsewhere"; readonly indent: number }
  | { readonly kind: "try" | "handler"; readonly indent: number; readonly attempt: Attempt };

/** Ends the blocks that a statement stands outside of; gives the one that it may continue. */
function closeBlocks(blocks: Block[], indent: number): Block | null {
  let closed: Block | null = null;
  for (let last = blocks.at(-1); last !== undefined && last.indent >= indent; last = blocks.at(-1)) {
    closed = last;
    blocks.pop();
  }
  return closed?.indent === indent ? closed : null;
}

function openBlock({ indent, tokens }: PythonStatement, before: Block | null): Block {
  const [first, ...condition] = tokens;
  switch (first?.value) {
    case "try":
      return { kind: "try", indent, attempt: newAttempt() };
    case "except":
      if (before === null || !("attempt" in before)) return { kind: "plain", indent };
      watchHeader(before.attempt, condition);
      return { kind: "handler", indent, attempt: before.attempt };
    case "if":
    case "elif":
      if (hasName(condition, "TYPE_CHECKING")) return { kind: "typing", indent };
      return { kind: isElsewhere(condition, before) ? "elsewhere" : "plain", indent };
    case "else":
      return { kind: before?.kind === "elsewhere" ? "elsewhere" : "plain", indent };
    default:
      return { kind: "plain", indent };
  }
}

function newAttempt(): Attempt {
  return { catchesImport: false, catchesAll: false, exits: false, fallsBack: false, advises: false };
}

function watchHeader(attempt: Attempt, condition: readonly PythonToken[]): void {
  if (hasName(condition, "ImportError", "ModuleNotFoundError")) attempt.catchesImport = true;
  if (condition.length === 0 || hasName(condition, "Exception", "BaseException")) attempt.catchesAll = true;
}

function watchHandler(attempt: Attempt, { tokens }: PythonStatement): void {
  if (hasName(tokens, "raise", "exit", "_exit", "quit", "die", "fail", "abort")) attempt.exits = true;
  const last = tokens.at(-1)?.value;
  if (tokens.at(-2)?.value === "=" && (last === "None" || last === "False")) attempt.fallsBack = true;
  if (tokens.some(({ type, value }) => type === "string" && /\binstall\b/i.test(value)))
    attempt.advises = true;
}

/** What is chosen by the system or by the version of Python. */
function isElsewhere(condition: readonly PythonToken[], before: Block | null): boolean {
  return before?.kind === "elsewhere" || hasName(condition, "platform", "version_info", "system");
}

function hasName(tokens: readonly PythonToken[], ...names: readonly string[]): boolean {
  return tokens.some(({ type, value }) => type === "name" && names.includes(value));
}

function confidenceIn(blocks: readonly Block[], { confidence }: Mention): Confidence {
  if (blocks.some(({ kind }) => kind === "elsewhere" || kind === "handler")) return "guess";
  return blocks.some((block) => block.kind === "try" && isOptional(block.attempt)) ? "likely" : confidence;
}

function isOptional({ catchesImport, catchesAll, exits, fallsBack, advises }: Attempt): boolean {
  if (exits) return false;
  return catchesImport ? fallsBack || !advises : catchesAll && fallsBack;
}

function importsOf(tokens: readonly PythonToken[]): Mention[] {
  const [first] = tokens;
  if (first?.type !== "name") return dynamicImports(tokens);
  if (first.value === "import")
    return importList(tokens.slice(1)).flatMap(({ path, offset }) => named(path, offset));
  if (first.value !== "from") return dynamicImports(tokens);
  const end = tokens.findIndex(({ value, type }) => type === "name" && value === "import");
  const [target] = importList(tokens.slice(1, end === -1 ? tokens.length : end));
  if (target === undefined || end === -1) return [];
  const imported = importList(tokens.slice(end + 1)).flatMap(({ path }) => path.slice(0, 1));
  return named(target.path, target.offset, imported);
}

interface ImportedPath {
  readonly path: readonly string[];
  readonly offset: number;
}

/** `a.b as c, (d)` → `a.b`, `d`. What is relative, or no import, begins with an empty part. */
function importList(tokens: readonly PythonToken[]): ImportedPath[] {
  const paths: { path: string[]; offset: number }[] = [];
  let path: string[] | null = null;
  let isRenamed = false;
  for (const { type, value, offset } of tokens) {
    if (value === "(" || value === ")") continue;
    if (value === ",") {
      path = null;
      isRenamed = false;
    } else if (value === "as") isRenamed = true;
    else if (!isRenamed && path === null) {
      path = type === "name" ? [value] : ["", ""];
      paths.push({ path, offset });
    } else if (!isRenamed && value === ".") path?.push("");
    else if (!isRenamed && type === "name" && path?.at(-1) === "") path[path.length - 1] = value;
    else if (!isRenamed) path?.splice(0, path.length, "", value);
  }
  return paths;
}

/** `importlib.import_module("x")`, `__import__("x")`. */
function dynamicImports(tokens: readonly PythonToken[]): Mention[] {
  return tokens.flatMap(({ type, value }, index): Mention[] => {
    if (type !== "name" || (value !== "import_module" && value !== "__import__")) return [];
    const argument = tokens[index + 2];
    if (tokens[index + 1]?.value !== "(" || argument?.type !== "string") return [];
    return named(argument.value.split("."), argument.offset, []).map((mention) => ({
      ...mention,
      confidence: "likely",
    }));
  });
}

function named(path: readonly string[], offset: number, imported: readonly string[] = []): Mention[] {
  return moduleName(path, imported).map((name) => ({
    kind: "python",
    naming: "module",
    name,
    offset,
    confidence: "certain",
    how: "imported by",
  }));
}
