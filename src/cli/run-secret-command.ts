import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import type { Surroundings } from "./command.ts";

/**
 * What a program prints on its standard output. It is started as it is, by no shell; it may ask at the terminal; and it
 * has a minute. Its standard error is shown when it has ended, since it may repeat the secret, which must be known to be
 * hidden. Throws `SECRET_COMMAND_FAILED`, without a word of what it printed.
 */
export async function runSecretCommand(
  [file, ...args]: readonly string[],
  { env, cwd, signal, story, hide }: Surroundings,
): Promise<Uint8Array> {
  if (file === undefined) {
    throw new SkillcrateError("USAGE", "--from-command needs a program.", {
      hint: "skillcrate secret set NAME --agent ID --from-command -- pass show notes",
    });
  }
  const { execa } = await import("execa");
  const ended = await execa(file, args, {
    cwd,
    env,
    extendEnv: false,
    stdin: "inherit",
    encoding: "buffer",
    stripFinalNewline: false,
    maxBuffer: maxOutputBytes,
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    cancelSignal: signal,
    reject: false,
  });
  throwIfCancelled(signal);
  // Undefined, whatever the types say, where it could not be started.
  const printed = Buffer.from(ended.stdout ?? "");
  hide([printed.toString("utf8"), printed.toString("utf8").trim()]);
  const said = Buffer.from(ended.stderr ?? "")
    .toString("utf8")
    .trimEnd();
  if (said !== "") story.line(said.split("\n").map(escapeText).join("\n"));
  if (!ended.failed && printed.length > 0) return printed;
  throw new SkillcrateError("SECRET_COMMAND_FAILED", `${quoteValue(file)} ${describeEnd(ended)}.`, {
    hint: "Run it by itself and see what it says. A shell's syntax needs a shell: -- sh -c '…'",
  });
}

const timeoutMs = 60_000;
const maxOutputBytes = 131_073;

function describeEnd(ended: {
  readonly failed: boolean;
  readonly timedOut: boolean;
  readonly isMaxBuffer: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}): string {
  if (!ended.failed) return "printed nothing";
  if (ended.timedOut) return `did not end within ${timeoutMs / 1000} s`;
  if (ended.isMaxBuffer) return `printed more than ${maxOutputBytes - 1} bytes`;
  if (ended.exitCode !== undefined) return `ended with exit code ${ended.exitCode}`;
  if (ended.signal !== undefined) return `was stopped by ${ended.signal}`;
  return ended.code === "ENOENT"
    ? "is no program on PATH"
    : `could not be started (${ended.code ?? "unknown error"})`;
}
