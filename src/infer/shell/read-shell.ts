import { joinReadings, type Reading } from "../code.ts";
import type { Mention } from "../mention.ts";
import { interpretCommand } from "./interpret-command.ts";
import { type ShellScript, shellCommands } from "./shell-commands.ts";
import type { ShellWord } from "./shell-words.ts";
import { unwrap } from "./unwrap-command.ts";

/**
 * What a shell script needs. A command that the script looks for and can do without is `likely`; one of macOS is a
 * `guess` in a script that asks for the system.
 */
export function readShell(text: string): Reading {
  const script = shellCommands(text);
  const { mentions, code } = joinReadings(script.commands.map(interpretCommand));
  const optional = optionalCommands(script, text);
  const asksSystem = /\b(?:uname|OSTYPE)\b/.test(text);
  return {
    code,
    mentions: mentions
      .filter(({ kind, name }) => kind !== "bin" || !script.defined.has(name))
      .map((mention): Mention => {
        if (mention.kind !== "bin" || mention.confidence !== "certain") return mention;
        if (asksSystem && macCommands.has(mention.name)) return { ...mention, confidence: "guess" };
        return optional.has(mention.name) ? { ...mention, confidence: "likely" } : mention;
      }),
  };
}

const macCommands = new Set(
  "afplay defaults greadlink gdate gsed gstat mdfind mdls open osascript pbcopy pbpaste plutil say screencapture shortcuts sips sw_vers vm_stat xcrun".split(
    " ",
  ),
);

/** Commands that are looked for, where not finding one does not end the script. */
function optionalCommands({ commands }: ShellScript, text: string): ReadonlySet<string> {
  const optional = new Set<string>();
  const required = new Set<string>();
  const looking = commands.map(({ words }) => unwrap(words)).filter(isLook);
  for (const [program, ...args] of looking.slice(0, mostLooks)) {
    if (program === undefined) continue;
    const names = args.map(({ value }) => value).filter((value) => !value.startsWith("-"));
    const ends = endsWithout(text, program.offset);
    for (const name of names) (ends ? required : optional).add(name);
  }
  for (const name of required) optional.delete(name);
  return optional;
}

/** Further ones of a script count as if they were not there. */
const mostLooks = 200;

function isLook([program, first]: readonly ShellWord[]): boolean {
  if (program === undefined || !looks.has(program.value)) return false;
  return program.value !== "command" || first?.value.startsWith("-") === true;
}

const looks = new Set(["command", "which", "type", "hash", "whence"]);

/** How far the answer to a look is searched. */
const longestAnswer = 400;

/** Whether the script ends, or a function fails, in what follows a look up to the end of its condition. */
function endsWithout(text: string, offset: number): boolean {
  const after = text.slice(offset, offset + longestAnswer);
  const line = after.split("\n", 1)[0] ?? "";
  const isOneLine = line.includes("||") && !/\|\|\s*(?:\{|\\)?\s*$/.test(line);
  const answer = isOneLine ? line : (after.split(/(?:^|[\s;])(?:fi\b|done\b|elif\b|\})/, 1)[0] ?? "");
  return /\bexit\b(?!\s+0)|\breturn\s+[1-9]|\b(?:die|fail|fatal|abort|error_exit)\b/.test(answer);
}
