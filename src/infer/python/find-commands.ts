import { joinReadings, nothing, type Reading } from "../code.ts";
import { within } from "../mention.ts";
import { interpretCommand } from "../shell/interpret-command.ts";
import type { PythonStatement } from "./python-statements.ts";
import type { PythonToken } from "./python-tokens.ts";

/**
 * The programs that a Python program starts, through `subprocess`, `os` and `asyncio`: written out in the call, in a
 * variable that is given to it, or in a call of a function of the same file that hands it on.
 */
export function findCommands(statements: readonly PythonStatement[]): Reading {
  const file = survey(statements);
  return joinReadings(
    statements.flatMap(({ tokens }) =>
      tokens.flatMap((_, index): Reading[] => {
        const call = callAt(tokens, index, file);
        return call === null
          ? []
          : argumentAt(tokens, index + 2, file).map((command) => readCommand(command, call));
      }),
    ),
  );
}

type Call = "starts" | "looks";

/** What a file says about its own names. */
interface Survey {
  /** Name → the command that was assigned to it; several where it has several. */
  readonly values: ReadonlyMap<string, readonly Command[]>;
  /** Names of modules and functions that start programs. */
  readonly starters: ReadonlyMap<string, Call>;
  readonly modules: ReadonlySet<string>;
}

interface Command {
  /** One word is a whole command line where `isLine`. */
  readonly words: readonly PythonToken[];
  readonly isLine: boolean;
}

const functions: ReadonlyMap<string, Call> = new Map([
  ...[
    "run Popen call check_call check_output getoutput getstatusoutput system popen startfile",
    "create_subprocess_exec create_subprocess_shell execv execve execvp execvpe execl execlp spawnv spawnvp",
  ].flatMap((names) => names.split(" ").map((name) => [name, "starts"] as const)),
  ["which", "looks"],
]);

const modules: ReadonlySet<string> = new Set(["subprocess", "os", "asyncio", "shutil"]);

function survey(statements: readonly PythonStatement[]): Survey {
  const aliases = new Set(modules);
  const starters = new Map<string, Call>();
  const values = new Map<string, Command[]>();
  let around: { name: string; parameters: ReadonlySet<string>; indent: number } | null = null;
  for (const { indent, tokens, isHeader } of statements) {
    if (around !== null && indent <= around.indent) around = null;
    const [first, second, third] = tokens;
    if (first?.value === "import") addAlias(tokens, aliases);
    else if (first?.value === "from" && modules.has(second?.value ?? "")) addImported(tokens, starters);
    else if (isHeader && first?.value === "def" && second !== undefined) {
      around = { name: second.value, parameters: new Set(namesOf(tokens.slice(2))), indent };
    } else if (first?.type === "name" && second?.value === "=" && third !== undefined) {
      const others = values.get(first.value) ?? [];
      if (others.length < mostValues) values.set(first.value, [...others, ...literalsIn(tokens.slice(2))]);
    }
    if (first?.value === "for" && second !== undefined && third?.value === "in") {
      values.set(second.value, eachOf(tokens.slice(3)));
    }
    if (around !== null && handsOn(tokens, around.parameters, aliases, starters))
      starters.set(around.name, "starts");
  }
  return { values, starters, modules: aliases };
}

/** `for tool in ("qpdf", "gs")`: the variable is each of them. */
function eachOf(tokens: readonly PythonToken[]): Command[] {
  const words = tokens[0]?.value === "(" || tokens[0]?.value === "[" ? wordsOfList(tokens, 1) : [];
  return words.slice(0, mostValues).map((word) => ({ words: [word], isLine: false }));
}

/** Of one variable; a name that has more is no command. */
const mostValues = 8;

/** `import subprocess as sp` */
function addAlias(tokens: readonly PythonToken[], aliases: Set<string>): void {
  tokens.forEach(({ value }, index) => {
    const alias = tokens[index + 2];
    if (modules.has(value) && tokens[index + 1]?.value === "as" && alias !== undefined)
      aliases.add(alias.value);
  });
}

/** `from subprocess import run, check_output as output` */
function addImported(tokens: readonly PythonToken[], starters: Map<string, Call>): void {
  tokens.forEach(({ value }, index) => {
    const call = functions.get(value);
    if (call === undefined) return;
    const alias = tokens[index + 1]?.value === "as" ? tokens[index + 2]?.value : undefined;
    starters.set(alias ?? value, call);
  });
}

function namesOf(tokens: readonly PythonToken[]): string[] {
  return tokens.filter(({ type }) => type === "name").map(({ value }) => value);
}

/** A function that gives one of its parameters to a call that starts a program. */
function handsOn(
  tokens: readonly PythonToken[],
  parameters: ReadonlySet<string>,
  aliases: ReadonlySet<string>,
  starters: ReadonlyMap<string, Call>,
): boolean {
  return tokens.some((_, index) => {
    const call = callAt(tokens, index, { modules: aliases, starters });
    if (call !== "starts") return false;
    const argument = tokens[index + 2];
    return argument?.type === "name" && parameters.has(argument.value);
  });
}

/** Whether the token at `index` is the name of a function that is called and starts a program, or looks for one. */
function callAt(
  tokens: readonly PythonToken[],
  index: number,
  { modules: known, starters }: Pick<Survey, "modules" | "starters">,
): Call | null {
  const { type, value = "" } = tokens[index] ?? {};
  if (type !== "name" || tokens[index + 1]?.value !== "(" || tokens[index - 1]?.value === "def") return null;
  if (tokens[index - 1]?.value !== ".") return starters.get(value) ?? null;
  return known.has(tokens[index - 2]?.value ?? "") ? (functions.get(value) ?? null) : null;
}

/** The commands that an argument may stand for: a list, a text, or a variable that holds one. */
function argumentAt(tokens: readonly PythonToken[], start: number, { values }: Survey): readonly Command[] {
  const isNamed = tokens[start]?.value === "args" && tokens[start + 1]?.value === "=";
  const first = isNamed ? start + 2 : start;
  const token = tokens[first];
  const written =
    token?.type === "name"
      ? (values.get(token.value) ?? [])
      : literalsIn(tokens.slice(first, first + longestList));
  return written.flatMap((command): readonly Command[] => {
    const [program, ...args] = command.words;
    if (program?.type !== "name") return [command];
    const named = values.get(program.value) ?? [];
    return named.flatMap(({ words }) =>
      words[0]?.type === "string" ? [{ words: [words[0], ...args], isLine: false }] : [],
    );
  });
}

/** In tokens: what comes later in a list of arguments is never a program. */
const longestList = 64;

/** A list, a text or a look for a program (`which("a")`), on the right of an assignment or as an argument. */
function literalsIn(tokens: readonly PythonToken[]): Command[] {
  const [first] = tokens;
  if (first?.type === "string") return [{ words: [first], isLine: /\s/.test(first.value) }];
  if (first?.value === "[" || first?.value === "(") {
    const words = wordsOfList(tokens, 1);
    return words.length > 0 ? [{ words, isLine: false }] : [];
  }
  const looked = tokens.flatMap(({ value }, index) => {
    const argument = tokens[index + 2];
    const isLook = value === "which" && tokens[index + 1]?.value === "(" && argument?.type === "string";
    return isLook ? [{ words: [argument], isLine: false }] : [];
  });
  // Of several that are looked for one is enough: the first, which the program prefers.
  return looked.slice(0, 1);
}

/** Up to the first element that is neither a text nor a name by itself. */
function wordsOfList(tokens: readonly PythonToken[], start: number): PythonToken[] {
  const words: PythonToken[] = [];
  for (let index = start; index < tokens.length; index += 2) {
    const word = tokens[index];
    const next = tokens[index + 1]?.value;
    if (word === undefined || word.type === "other" || (next !== "," && next !== "]" && next !== ")")) break;
    words.push(word);
    if (next !== ",") break;
  }
  return words;
}

function readCommand({ words, isLine }: Command, call: Call): Reading {
  const [first] = words;
  if (first?.type !== "string") return nothing;
  if (isLine) {
    return { mentions: [], code: [{ language: "shell", text: first.value, offset: first.offset + 1 }] };
  }
  const reading = interpretCommand({ words, document: null });
  return call === "starts" ? reading : { mentions: within(reading.mentions, 0, "likely"), code: [] };
}
