import type { ShellWord } from "./shell-words.ts";

/** A program that runs the one it is given. */
interface Wrapper {
  /** Letters of options that take the next word as their value. */
  readonly options: string;
  /** Arguments before the program. */
  readonly positionals?: number;
}

const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ["builtin", { options: "" }],
  ["caffeinate", { options: "tw" }],
  ["chronic", { options: "" }],
  ["doas", { options: "uC" }],
  ["env", { options: "uC" }],
  ["exec", { options: "a" }],
  ["flock", { options: "wE", positionals: 1 }],
  ["ionice", { options: "cnp" }],
  ["nice", { options: "n" }],
  ["nohup", { options: "" }],
  ["setsid", { options: "" }],
  ["stdbuf", { options: "ioe" }],
  ["sudo", { options: "ughpCT" }],
  ["time", { options: "of" }],
  ["timeout", { options: "sk", positionals: 1 }],
  ["xargs", { options: "InPLdEsa" }],
]);

const assignment = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

/** The program that is run in the end, with its arguments: `FOO=1 sudo -u me env timeout 5 ffmpeg -i x` → `ffmpeg -i x`. */
export function unwrap(words: readonly ShellWord[]): readonly ShellWord[] {
  let rest = skipAssignments(words);
  for (let count = 0; count < mostWrappers; count++) {
    const wrapper = wrappers.get(rest[0]?.value.replace(/^\/usr\/bin\//, "") ?? "");
    if (wrapper === undefined) return isCommandCommand(rest) ? rest.slice(1) : rest;
    rest = skipAssignments(skipOptions(rest.slice(1), wrapper.options)).slice(wrapper.positionals ?? 0);
  }
  return [];
}

/** More in a row mean nothing. */
const mostWrappers = 8;

/** `command ls` runs ls; `command -v ls` only looks for it. */
function isCommandCommand([first, second]: readonly ShellWord[]): boolean {
  return first?.value === "command" && second !== undefined && !second.value.startsWith("-");
}

function skipAssignments(words: readonly ShellWord[]): readonly ShellWord[] {
  const first = words.findIndex(({ value }) => !assignment.test(value));
  return first === -1 ? [] : words.slice(first);
}

/** What follows the options; `withValue`: letters of those that take the next word. */
export function skipOptions(words: readonly ShellWord[], withValue: string): readonly ShellWord[] {
  let index = 0;
  for (let value = words[0]?.value; value?.startsWith("-"); value = words[index]?.value) {
    index += value.length === 2 && withValue.includes(value[1] ?? "-") ? 2 : 1;
    if (value === "--") break;
  }
  return words.slice(index);
}
