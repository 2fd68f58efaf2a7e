import { constants } from "node:os";
import { escapeText } from "../../diagnostic/quote-value.ts";
import type { ExecResult } from "../engine.ts";

/** How one run of a version command ended. `hung`: it was stopped at the limit. */
export interface VersionRun {
  readonly name: string;
  readonly args: readonly string[];
  readonly result: ExecResult;
  readonly hung: boolean;
}

export type Answer =
  /** `line` is escaped and at most 200 characters long. */
  | { readonly kind: "version"; readonly line: string }
  | { readonly kind: "usage" }
  /** It runs but says nothing useful: other arguments may do better. */
  | { readonly kind: "unclear"; readonly problem: string }
  /** No arguments will help. `started` is false where not even its first instruction was reached. */
  | { readonly kind: "broken"; readonly started: boolean; readonly problem: string };

/** How long a version command may take before it counts as hung: big Node programs on a busy machine need over 10 s. */
export const versionLimitSeconds = 30;

/**
 * Judges what a version command did. An exit code of 0 is not enough: there must be a version or usage text. Many real
 * programs show one with another exit code (`go --version` 2, `ffmpeg --version` 1); that is taken where the text can
 * be nobody's but this program's own.
 */
export function judgeAnswer(run: VersionRun): Answer {
  const broken = findBreakage(run);
  if (broken !== null) return broken;
  const lines = outputLines(run.result);
  const failed = run.result.exitCode !== 0;
  const version = findVersionLine(run.name, lines, failed);
  if (version !== undefined) return { kind: "version", line: shorten(version) };
  const usage =
    usageText.test(lines.join("\n")) && (!failed || lines.some((line) => mentions(run.name, line)));
  if (usage || lines.some((line) => refusesOption(run, line))) return { kind: "usage" };
  return { kind: "unclear", problem: describeUnclear(run, lines) };
}

function findBreakage({ name, args, result, hung }: VersionRun): Answer | null {
  const broken = (started: boolean, problem: string): Answer => ({ kind: "broken", started, problem });
  if (hung) return broken(true, `hangs: ${command(name, args)} did not end within ${versionLimitSeconds} s`);
  const { exitCode } = result;
  if (exitCode === null) return broken(true, `${command(name, args)} was stopped before it ended`);
  if (exitCode === 0) return null;
  const lines = outputLines(result);
  const loader = firstMatch(lines, loaderProblems);
  if (loader !== null) return broken(false, `exit code ${exitCode}: ${loader}`);
  if (exitCode === 126 || exitCode === 127) return broken(false, describeNotStarted(exitCode, lines[0]));
  const signal = signalOf(exitCode);
  return signal === null ? null : broken(true, `${command(name, args)} was killed by ${signal}`);
}

/** The kernel's reason, as `timeout`, a shell or the engine hands it on, with what it means where that is not plain. */
function describeNotStarted(exitCode: 126 | 127, said: string | undefined): string {
  const reason =
    said === undefined ? "it cannot be executed" : said.replace(/^timeout: failed to run command .+: /, "");
  const meaning = said === reason ? undefined : startFailures[reason];
  return `exit code ${exitCode}: ${shorten(reason)}${meaning === undefined ? "" : ` (${meaning})`}`;
}

const startFailures: Readonly<Record<string, string>> = {
  "No such file or directory": "it, or the interpreter that its first line names, is not there",
  "Operation not permitted": "it asks for capabilities that a sandbox does not have",
  "Exec format error": "it is for another processor, or a script without an interpreter line",
  "Permission denied": "it is not executable for this user",
};

/** What the dynamic loaders of glibc and musl print before a program's first instruction. */
const loaderProblems: readonly RegExp[] = [
  /error while loading shared libraries: (?<problem>.+)/,
  /(?<problem>version [`'](?:GLIBC|GLIBCXX|CXXABI)_[^']+' not found.*)/,
  /Error loading shared library (?<problem>.+)/,
  /(?<problem>Error relocating .+: symbol not found)/,
];

function firstMatch(lines: readonly string[], patterns: readonly RegExp[]): string | null {
  for (const line of lines) {
    for (const pattern of patterns) {
      const problem = pattern.exec(line)?.groups?.["problem"];
      if (problem !== undefined) return shorten(problem);
    }
  }
  return null;
}

/** Exit codes of 129 to 192 are 128 and a signal's number, by the convention of shells, timeout and the engine. */
function signalOf(exitCode: number): string | null {
  if (exitCode <= 128 || exitCode > 192) return null;
  const number = exitCode - 128;
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  const guess = name === "SIGKILL" ? ", perhaps because it needs more memory than a sandbox has" : "";
  return `signal ${number}${name === undefined ? "" : ` (${name})`}${guess}`;
}

/** The best line: the program's own name before the number, then any number, each from standard output first. */
function findVersionLine(name: string, lines: readonly string[], failed: boolean): string | undefined {
  const stem = escapePattern(nameStem(name));
  const own = new RegExp(
    `^(?:\\S*/)?${stem}[\\w.-]*,?(?:\\s+\\([^)]*\\))?\\s+(?:version:?\\s+|v\\.?\\s?)?\\d`,
    "i",
  );
  const named = lines.find((line) => own.test(line) && !(failed && complaint.test(line)));
  if (named !== undefined) return named;
  return lines.find((line) => hasVersion(line) && !complaint.test(line) && (!failed || mentions(name, line)));
}

/** Dotted (`1.2`, `go1.22.3`), a date (`2024-01-31`), or a plain number that is called a version (`version 590`). */
function hasVersion(line: string): boolean {
  return versionNumber.test(line.replace(paths, " "));
}

const versionNumber =
  /\d+(?:\.\d+)+|\b\d{4}-\d{2}-\d{2}\b|\b(?:version|release|revision|build)\b\W{0,3}v?\d/i;

/** `/usr/lib/python3.11/x.py` is no version. */
const paths = /\S*\/\S*\/\S*/g;

/** A line like this is about something that went wrong, whatever numbers it holds. */
const complaint =
  /\b(?:errors?|cannot|can't|could not|unable|fail(?:ed|ure)?|fatal|not (?:found|installed|supported|recognized|allowed|permitted)|no such|missing|denied|traceback|exception|unknown|unrecogni[sz]ed|invalid|illegal|unsupported|bad option|required by|please install|warning|deprecated)\b/i;

const usageText =
  /^\s*usage\b|\busage:|^\s*(?:use|syntax):|^\s*(?:synopsis|(?:[\w ]{1,20} )?(?:options|commands|flags|arguments))\s*:/im;

/** `sh: 0: Illegal option --`: it read its arguments. A script that failed on an option of its own is no such case. */
function refusesOption({ name, args, result }: VersionRun, line: string): boolean {
  const given = args.map((arg) => escapePattern(arg.replace(/^-+/, ""))).join("|");
  const refusal = `(?:illegal|invalid|unknown|unrecogni[sz]ed|bad) (?:option|argument|flag)\\W*(?:${given})?\\W*$`;
  return (
    result.exitCode !== 0 && new RegExp(`^(?:\\S*/)?${escapePattern(name)}: .*${refusal}`, "i").test(line)
  );
}

function mentions(name: string, line: string): boolean {
  return line.toLowerCase().includes(nameStem(name));
}

/** `python3.11` calls itself Python, `clang-14` clang. */
function nameStem(name: string): string {
  const lower = name.toLowerCase();
  return lower.replace(/[-.]?\d[\d.]*$/, "") || lower;
}

function describeUnclear({ name, args, result }: VersionRun, lines: readonly string[]): string {
  if (result.exitCode === 0)
    return `${command(name, args)} ends with exit code 0 but shows no version or usage text`;
  // An interpreter's traceback says what went wrong in its last line.
  const traced = lines[0]?.startsWith("Traceback") === true;
  const said = traced ? lines.at(-1) : (lines.find((line) => complaint.test(line)) ?? lines[0]);
  return `exit code ${result.exitCode} from ${command(name, args)}${said === undefined ? "" : `: ${shorten(said)}`}`;
}

function command(name: string, args: readonly string[]): string {
  return `\`${[name, ...args].map(escapeText).join(" ")}\``;
}

/** Standard output before standard error, without colours and empty lines. */
function outputLines(result: ExecResult): string[] {
  return `${result.stdout}\n${result.stderr}`
    .replace(colours, "")
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape code begins with a control character.
const colours = /\u001b\[[\d;]*[A-Za-z]/g;

function shorten(line: string): string {
  const escaped = escapeText(line);
  return escaped.length > 200 ? `${escaped.slice(0, 199)}…` : escaped;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
