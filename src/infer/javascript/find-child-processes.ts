import { type Code, joinReadings, nothing, type Reading } from "../code.ts";
import { interpretCommand } from "../shell/interpret-command.ts";
import type { ModuleUse } from "./find-module-imports.ts";
import type { JavaScriptToken } from "./javascript-tokens.ts";

/** `line`: the text is for a shell; `program`: it is a program's name, its arguments in a list after it. */
type Starter = "line" | "program";

const functions: ReadonlyMap<string, Starter> = new Map<string, Starter>([
  ["exec", "line"],
  ["execSync", "line"],
  ["execaCommand", "line"],
  ["execaCommandSync", "line"],
  ["execFile", "program"],
  ["execFileSync", "program"],
  ["execa", "program"],
  ["execaSync", "program"],
  ["spawn", "program"],
  ["spawnSync", "program"],
]);

const modules = /^(?:(?:node:)?child_process(?:\/promises)?|execa|zx|cross-spawn|bun)$/;

/** The programs that a JavaScript program starts, through `child_process`, execa, zx or Bun. */
export function findChildProcesses(tokens: readonly JavaScriptToken[], uses: readonly ModuleUse[]): Reading {
  const starting = uses.filter(({ specifier }) => modules.test(specifier));
  if (starting.length === 0 && !tokens.some(({ value }) => value === "Bun")) return nothing;
  const names = namesOf(tokens, starting);
  const texts = assignedTexts(tokens);
  addWrappers(tokens, names);
  return joinReadings(
    tokens.map((_, index) => {
      const starter = starterAt(tokens, index, names);
      return starter === null ? nothing : readCall(tokens, index, starter, texts);
    }),
  );
}

interface Names {
  /** What this file calls the functions. */
  readonly starters: Map<string, Starter>;
  /** What it calls the modules. */
  readonly modules: Set<string>;
}

function namesOf(tokens: readonly JavaScriptToken[], uses: readonly ModuleUse[]): Names {
  const names: Names = { starters: new Map(), modules: new Set(["Bun"]) };
  for (const { token, start } of uses) {
    for (const { name, original } of clauseOf(tokens, start, token)) {
      const starter = functions.get(original);
      if (starter !== undefined) names.starters.set(name, starter);
      // A default export, or the whole module; cross-spawn's is a function.
      else if (original !== "$") names.modules.add(name);
      if (tokens[token]?.value === "cross-spawn") names.starters.set(name, "program");
      if (original === "$") names.starters.set(name, "line");
    }
  }
  tokens.forEach(({ value }, index) => {
    // `const run = promisify(exec)`
    if (value !== "promisify" || tokens[index + 1]?.value !== "(") return;
    const promised = tokens.slice(index + 2, index + 5).findLast(({ value: name }) => functions.has(name));
    const target = tokens[tokens[index - 1]?.value === "." ? index - 4 : index - 2];
    const starter = functions.get(promised?.value ?? "");
    if (starter !== undefined && target?.type === "name") names.starters.set(target.value, starter);
  });
  return names;
}

/** The names in `import a, { b as c } from` and in `const { b: c } = require(`. */
function clauseOf(
  tokens: readonly JavaScriptToken[],
  start: number,
  end: number,
): { readonly name: string; readonly original: string }[] {
  const isImport = tokens[start]?.value === "import" && tokens[start + 1]?.value !== "(";
  const from = isImport ? start + 1 : declarationBefore(tokens, start);
  const words = tokens.slice(from, isImport ? end - 1 : start);
  return words.flatMap(({ type, value }, index) => {
    const [next, other] = [words[index + 1]?.value, words[index + 2]];
    const before = words[index - 1]?.value;
    if (type !== "name" || value === "as" || value === "await" || before === "as" || before === ":")
      return [];
    const isRenamed = next === "as" || next === ":";
    return [{ original: value, name: isRenamed ? (other?.value ?? value) : value }];
  });
}

/** Index after `const`, `let` or `var`; where there is none, nothing is declared. */
function declarationBefore(tokens: readonly JavaScriptToken[], start: number): number {
  for (let index = start - 1; index >= Math.max(0, start - 60); index--) {
    const { value } = tokens[index] ?? { value: ";" };
    if (value === "const" || value === "let" || value === "var") return index + 1;
    if (value === ";") return start;
  }
  return start;
}

/** `const command = "…"`, and lists are not followed. */
function assignedTexts(tokens: readonly JavaScriptToken[]): ReadonlyMap<string, JavaScriptToken> {
  const texts = new Map<string, JavaScriptToken>();
  tokens.forEach((token, index) => {
    const target = tokens[index - 2];
    if (token.type !== "string" || tokens[index - 1]?.value !== "=" || target?.type !== "name") return;
    texts.set(target.value, token);
  });
  return texts;
}

/** Functions of the file that hand their first parameter on to one that starts a program. */
function addWrappers(tokens: readonly JavaScriptToken[], names: Names): void {
  let declared: { readonly name: string; readonly parameter: string } | null = null;
  tokens.forEach(({ type, value }, index) => {
    declared = declarationAt(tokens, index) ?? declared;
    const starter = type === "name" && declared !== null ? starterAt(tokens, index, names) : null;
    if (starter === null || declared === null || value === declared.name) return;
    if (tokens[index + 2]?.value === declared.parameter) names.starters.set(declared.name, starter);
  });
}

/** `function run(command` or `run = async (command`. */
function declarationAt(
  tokens: readonly JavaScriptToken[],
  index: number,
): { readonly name: string; readonly parameter: string } | null {
  const parameter = tokens[index];
  if (parameter?.type !== "name" || tokens[index - 1]?.value !== "(") return null;
  const before = tokens[index - 2];
  if (before?.type === "name" && tokens[index - 3]?.value === "function") {
    return { name: before.value, parameter: parameter.value };
  }
  const sign = before?.value === "async" ? index - 3 : index - 2;
  const name = tokens[sign - 1];
  if (tokens[sign]?.value !== "=" || name?.type !== "name") return null;
  return { name: name.value, parameter: parameter.value };
}

function starterAt(tokens: readonly JavaScriptToken[], index: number, names: Names): Starter | null {
  const token = tokens[index];
  if (token?.type !== "name") return null;
  const next = tokens[index + 1];
  if (next?.value !== "(" && !(next?.type === "string" && token.value.endsWith("$"))) return null;
  if (tokens[index - 1]?.value === "function") return null;
  if (tokens[index - 1]?.value !== ".") return names.starters.get(token.value) ?? null;
  const isModule = names.modules.has(tokens[index - 2]?.value ?? "");
  if (!isModule) return null;
  return token.value === "$" ? "line" : (functions.get(token.value) ?? null);
}

function readCall(
  tokens: readonly JavaScriptToken[],
  index: number,
  starter: Starter,
  texts: ReadonlyMap<string, JavaScriptToken>,
): Reading {
  const isTagged = tokens[index + 1]?.type === "string";
  const first = isTagged ? index + 1 : index + 2;
  // Bun.spawn takes one list.
  if (tokens[first]?.value === "[") return readProgram(listAt(tokens, first));
  const given = tokens[first];
  const text = given?.type === "name" ? texts.get(given.value) : given;
  if (text?.type !== "string") return nothing;
  if (starter === "line" || /\s/.test(text.value)) return { mentions: [], code: [lineOf(text)] };
  const list =
    tokens[first + 1]?.value === "," && tokens[first + 2]?.value === "[" ? listAt(tokens, first + 2) : [];
  return readProgram([text, ...list]);
}

function lineOf({ value, offset }: JavaScriptToken): Code {
  return { language: "shell", text: value, offset: offset + 1 };
}

function readProgram(words: readonly JavaScriptToken[]): Reading {
  const [program] = words;
  return program?.type === "string" ? interpretCommand({ words, document: null }) : nothing;
}

/** Elements of a list up to the first that is no text by itself. */
function listAt(tokens: readonly JavaScriptToken[], bracket: number): JavaScriptToken[] {
  const words: JavaScriptToken[] = [];
  for (let index = bracket + 1; index < tokens.length; index += 2) {
    const word = tokens[index];
    const next = tokens[index + 1]?.value;
    if (word?.type !== "string" || (next !== "," && next !== "]")) break;
    words.push(word);
    if (next === "]") break;
  }
  return words;
}
