import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { TerminalSize } from "../../engine/exec/exec-port.ts";
import { countRefusals, parseRefusalCounts, type RefusalCounts } from "./refusal-counts.ts";

/** What a wrapped command says of itself before it is the command that was asked for. */
export interface CommandStart {
  /** Inside the container; also of its process group and its session. */
  readonly pid: number;
  /** Null where the kernel tells none. */
  readonly refusals: RefusalCounts | null;
}

/** In the environment of a command and of all that it starts, so that they can be found again. */
export const markVariable = "SKILLCRATE_EXEC";

/**
 * The command as the engine is to start it. A shell prints one line and then becomes the command: the engine tells the
 * command's process id as the host sees it, which means nothing inside. Shells hand their environment on but for `IFS` and `PS4`,
 * and some add `PWD`, `OLDPWD`, `SHLVL` and `_`.
 *
 * `mark` is unguessable, and becomes the line's first word.
 */
export function wrapCommand(
  mark: string,
  command: readonly string[],
  tty: TerminalSize | undefined,
): readonly string[] {
  requireCommand(command);
  const size = tty === undefined ? ["", ""] : [String(tty.rows), String(tty.columns)];
  return ["/bin/sh", "-c", script, "sh", mark, ...size, ...command];
}

/** Throws `INPUT_INVALID` for what is no command, and for a name that a shell would take for an option. */
export function requireCommand(command: readonly string[]): void {
  const [program = ""] = command;
  if (program === "" || program.startsWith("-")) {
    throw invalid(
      `${quoteValue(program)} is not the name of a program`,
      "Give the command's name or path first.",
    );
  }
  if (command.some((word) => word.includes("\0"))) {
    throw invalid("a word of a command holds a NUL", "Programs cannot be given one; take it out.");
  }
}

/** Throws `INPUT_INVALID` for a name that a shell does not hand on. */
export function requireEnv(env: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw invalid(
        `${quoteValue(name)} is not the name of an environment variable`,
        "Use letters, digits and underscores, and no digit first.",
      );
    }
    if (value.includes("\0"))
      throw invalid(`the value of ${name} holds a NUL`, "A NUL ends a value; take it out.");
  }
}

export function wrapEnv(
  mark: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  requireEnv(env);
  return { ...env, [markVariable]: mark };
}

/** Null where the line is not that of this command. */
export function parseStart(mark: string, line: string): CommandStart | null {
  const [word, pid = "", outOfMemory, pidsLimit] = line.trimEnd().split(" ");
  if (word !== mark || !/^[1-9]\d{0,9}$/.test(pid)) return null;
  return { pid: Number(pid), refusals: parseRefusalCounts(outOfMemory, pidsLimit) };
}

/** Longer than any line of a wrapped command's own. */
export const longestStartLine = 200;

// The engine can be told a terminal's size only after its command was started.
const script = `${countRefusals}
sk_refusals
[ -z "$2" ] || stty rows "$2" cols "$3" 2>/dev/null
printf '%s %s %s %s\\n' "$1" "$$" "$sk_oom" "$sk_pids"
shift 3
exec "$@"`;

function invalid(message: string, hint: string): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", message, { hint });
}
