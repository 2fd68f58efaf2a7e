import { hole } from "../code.ts";
import {
  readSubstitution,
  readToken,
  type ShellReader,
  type ShellWord,
  skipArithmetic,
  skipTo,
} from "./shell-words.ts";

/** A simple command, without its redirections and the keywords before it. */
export interface ShellCommand {
  /** Never empty; assignments before the program's name included. */
  readonly words: readonly ShellWord[];
  /** The here-document that it reads, if any. */
  readonly document: HereDocument | null;
}

export interface HereDocument {
  readonly text: string;
  readonly offset: number;
}

export interface ShellScript {
  /** In the order of their ends. */
  readonly commands: readonly ShellCommand[];
  /** Functions and aliases, whose names are no programs. */
  readonly defined: ReadonlySet<string>;
}

/**
 * The commands of a shell script, those in substitutions, loops and functions included. Never fails: what is no shell
 * gives commands that mean nothing. Linear in time.
 */
export function shellCommands(text: string): ShellScript {
  const script: Script = { commands: [], defined: new Set(), awaited: [] };
  const readSubstituted = (reader: ShellReader) => readList(reader, script);
  const reader: ShellReader = { text, index: 0, depth: 0, readSubstituted };
  while (reader.index < text.length) {
    readList(reader, script);
    // A closing parenthesis too many.
    reader.index += 1;
  }
  return script;
}

interface Script {
  readonly commands: { words: readonly ShellWord[]; document: HereDocument | null }[];
  readonly defined: Set<string>;
  /** Here-documents whose texts begin on the next line. */
  awaited: AwaitedDocument[];
}

interface Delimiter {
  readonly text: string;
  /** `<<-`: tabs before it do not count. */
  readonly isIndented: boolean;
}

interface AwaitedDocument extends Delimiter {
  /** Index of the command that reads it; -1 where none that we know does. */
  readonly command: number;
}

/** The command that is being read, and what is open around it. */
interface Draft {
  words: ShellWord[];
  /** One of them is more than a keyword. */
  isStarted: boolean;
  documents: Delimiter[];
  /** The next word is where a redirection leads, no argument. */
  isTarget: boolean;
  subshells: number;
  cases: number;
  /** The next words are a pattern of `case`. */
  isPattern: boolean;
}

/** Reads up to the closing parenthesis that belongs to no list inside, or the end. */
function readList(reader: ShellReader, script: Script): void {
  const draft: Draft = {
    words: [],
    isStarted: false,
    documents: [],
    isTarget: false,
    subshells: 0,
    cases: 0,
    isPattern: false,
  };
  while (reader.index < reader.text.length) {
    const character = reader.text[reader.index] ?? "";
    if (skipBlank(reader)) continue;
    if (character === "\n") {
      endCommand(draft, script);
      reader.index += 1;
      readDocuments(reader, script);
    } else if (character === "#") skipTo(reader, "\n");
    else if (character === ";" || character === "&" || character === "|")
      readSeparator(reader, draft, script);
    else if (character === "(") readOpening(reader, draft, script);
    else if (character === ")") {
      if (!readClosing(reader, draft, script)) return;
    } else if (character === "<" || character === ">") readRedirection(reader, draft);
    else readWord(reader, draft);
  }
  endCommand(draft, script);
}

const blank = /(?:[ \t\r]|\\\r?\n)+/y;

function skipBlank(reader: ShellReader): boolean {
  blank.lastIndex = reader.index;
  const [skipped = ""] = blank.exec(reader.text) ?? [];
  reader.index += skipped.length;
  return skipped !== "";
}

const keywords = new Set(
  "if then elif else fi do done while until ! { } time coproc esac function".split(" "),
);

/** Takes the command that was read so far into the script. */
function endCommand(draft: Draft, script: Script): void {
  const { words, documents } = draft;
  Object.assign(draft, { words: [], isStarted: false, documents: [], isTarget: false });
  const first = words.findIndex(({ value }) => !keywords.has(value));
  const before = words.slice(0, first === -1 ? words.length : first);
  if (before.some(({ value }) => value === "esac")) {
    draft.cases = Math.max(0, draft.cases - 1);
    draft.isPattern = false;
  }
  const command = toCommand(words.slice(before.length), before.at(-1)?.value, draft, script);
  if (command.length > 0) script.commands.push({ words: command, document: null });
  const index = command.length > 0 ? script.commands.length - 1 : -1;
  script.awaited.push(...documents.map((delimiter) => ({ ...delimiter, command: index })));
}

function toCommand(
  words: readonly ShellWord[],
  keyword: string | undefined,
  draft: Draft,
  { defined }: Script,
): readonly ShellWord[] {
  const [first, second] = words;
  if (draft.isPattern || first === undefined) return [];
  if (keyword === "function") {
    defined.add(first.value);
    return words.slice(second?.value === "{" ? 2 : 1);
  }
  if (first.value === "for" || first.value === "select" || first.value === "case") return [];
  if (first.value !== "alias") return words;
  for (const { value } of words.slice(1)) if (value.includes("=")) defined.add(value.replace(/=.*/s, ""));
  return [];
}

function readSeparator(reader: ShellReader, draft: Draft, script: Script): void {
  const { text, index } = reader;
  if (text.startsWith("&>", index)) {
    reader.index += text[index + 2] === ">" ? 3 : 2;
    draft.isTarget = true;
    return;
  }
  if (draft.isPattern && text[index] === "|") dropWords(draft);
  else endCommand(draft, script);
  reader.index += 1;
  if (text[index] === ";" && (text[index + 1] === ";" || text[index + 1] === "&")) {
    reader.index += 1;
    draft.isPattern = draft.cases > 0;
  }
}

function readOpening(reader: ShellReader, draft: Draft, script: Script): void {
  const { text, index } = reader;
  const [word, ...others] = draft.words;
  const isArithmetic = text.startsWith("((", index) && (!draft.isStarted || word?.value === "for");
  if (
    word !== undefined &&
    others.length === 0 &&
    !isArithmetic &&
    /^\(\s{0,8}\)/.test(text.slice(index, index + 10))
  ) {
    script.defined.add(word.value);
    dropWords(draft);
    skipTo(reader, ")");
    reader.index += 1;
  } else if (isArithmetic) skipArithmetic(reader);
  else {
    reader.index += 1;
    if (draft.isPattern) return;
    endCommand(draft, script);
    draft.subshells += 1;
  }
}

/** False where it closes the list that is being read. */
function readClosing(reader: ShellReader, draft: Draft, script: Script): boolean {
  if (draft.isPattern && draft.words[0]?.value !== "esac") {
    dropWords(draft);
    draft.isPattern = false;
  } else {
    endCommand(draft, script);
    if (draft.subshells === 0) return false;
    draft.subshells -= 1;
  }
  reader.index += 1;
  return true;
}

const redirection = /<<<|<<-?|<>|<&|>>|>&|>\||[<>]\(?/y;

function readRedirection(reader: ShellReader, draft: Draft): void {
  redirection.lastIndex = reader.index;
  const [operator = ""] = redirection.exec(reader.text) ?? [];
  const last = draft.words.at(-1);
  // `2>`: a digit that touches the sign is no argument.
  if (last !== undefined && /^\d$/.test(last.value) && last.offset + 1 === reader.index) draft.words.pop();
  reader.index += operator.length;
  if (operator.endsWith("(")) readSubstitution(reader);
  else if (operator === "<<" || operator === "<<-") {
    skipBlank(reader);
    const { value } = readToken(reader);
    if (value !== "" && !value.includes(hole))
      draft.documents.push({ text: value, isIndented: operator === "<<-" });
  } else draft.isTarget = true;
}

function readWord(reader: ShellReader, draft: Draft): void {
  if (!draft.isStarted && /^\[\[\s/.test(reader.text.slice(reader.index, reader.index + 3))) {
    skipTest(reader);
    return;
  }
  const word = readToken(reader);
  if (draft.isTarget) draft.isTarget = false;
  else addWord(draft, word);
  if (word.value === "in" && draft.words.at(-3)?.value === "case") {
    dropWords(draft);
    draft.cases += 1;
    draft.isPattern = true;
  }
}

function addWord(draft: Draft, word: ShellWord): void {
  draft.words.push(word);
  draft.isStarted ||= !keywords.has(word.value);
}

function dropWords(draft: Draft): void {
  draft.words = [];
  draft.isStarted = false;
}

const testEnd = /\s\]\]|\n/g;

/** `[[ … ]]` is no command, and what looks like separators in it are none. */
function skipTest(reader: ShellReader): void {
  testEnd.lastIndex = reader.index;
  const found = testEnd.exec(reader.text);
  if (found === null) reader.index = reader.text.length;
  else reader.index = found[0] === "\n" ? found.index : found.index + found[0].length;
}

/** The here-documents that begin here, one after the other. */
function readDocuments(reader: ShellReader, script: Script): void {
  const { awaited } = script;
  script.awaited = [];
  for (const { text: delimiter, isIndented, command } of awaited) {
    const offset = reader.index;
    const text = readDocument(reader, delimiter, isIndented);
    const owner = script.commands[command];
    if (owner !== undefined) owner.document = { text, offset };
  }
}

/** Up to the line of the delimiter, and beyond it. */
function readDocument(reader: ShellReader, delimiter: string, isIndented: boolean): string {
  const { text, index: start } = reader;
  while (reader.index < text.length) {
    const lineStart = reader.index;
    skipTo(reader, "\n");
    const line = text.slice(lineStart, reader.index).replace(/\r$/, "");
    reader.index += 1;
    if ((isIndented ? line.replace(/^\t+/, "") : line) === delimiter) return text.slice(start, lineStart);
  }
  return text.slice(start);
}
