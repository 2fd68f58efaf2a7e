import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import { decodeValue } from "../sandbox/secrets/secret-value.ts";
import type { Surroundings } from "./command.ts";
import type { secretSetOptions } from "./command-options.ts";
import type { OptionValues } from "./option.ts";
import { runSecretCommand } from "./run-secret-command.ts";

/** Where a secret's value comes from. */
export type SecretSource = Pick<
  OptionValues<typeof secretSetOptions>,
  "fromFile" | "fromEnv" | "fromCommand"
> & {
  /** The program and its arguments, with `fromCommand`; else empty. */
  readonly program: readonly string[];
};

/**
 * Reads the value of a secret from where the options say, standard input if they say nothing. Throws `USAGE` for options
 * that contradict each other, `INPUT_INVALID` for a source that gives nothing or no text. No message holds any of it.
 */
export async function readSecretValue(
  name: string,
  source: SecretSource,
  surroundings: Surroundings,
): Promise<string> {
  const bytes = await readBytes(name, source, surroundings);
  if (bytes.length > maxValueBytes)
    throw invalid(`The value has more than ${maxValueBytes} bytes.`, "Give the program a file instead.");
  const text = decodeValue(bytes);
  if (text === null) throw invalid("The value is not UTF-8 text.", "Encode it, for example with base64.");
  const value = withoutLastLineEnd(text);
  if (value !== "") return value;
  throw invalid(
    "The value is empty.",
    `To take away what the gateway gives: skillcrate secret deny ${name} --skill SKILL`,
  );
}

/** More than Linux lets a variable have. */
const maxValueBytes = 131_072;

async function readBytes(
  name: string,
  { fromFile, fromEnv, fromCommand, program }: SecretSource,
  surroundings: Surroundings,
): Promise<Uint8Array> {
  const sources = [fromFile !== null, fromEnv !== null, fromCommand].filter(Boolean).length;
  if (sources > 1) throw usage("The value can come from one place only.");
  if (fromFile !== null) return readFile(resolve(surroundings.cwd, fromFile));
  if (fromEnv !== null) return readVariable(fromEnv, surroundings);
  if (fromCommand) return runSecretCommand(program, surroundings);
  return process.stdin.isTTY ? askTerminal(name, surroundings) : readStandardInput(surroundings);
}

/** A file that ends in a line end is a text file; a value that is one line is rarely meant to. Keys of several lines need it. */
function withoutLastLineEnd(text: string): string {
  const line = text.replace(/\r?\n$/, "");
  return /[\r\n]/.test(line) ? text : line;
}

function readFile(path: string): Uint8Array {
  const read = readRegularFile(path, maxValueBytes, { followLinks: true });
  if (read.ok) return read.bytes;
  throw invalid(
    `${quoteValue(path)} cannot be read: ${describeFileProblem(read.problem)}.`,
    "Name a regular file that this user can read, or give the value on standard input.",
  );
}

function readVariable(name: string, { env }: Surroundings): Uint8Array {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined) return Buffer.from(value);
  throw invalid(
    `The variable ${quoteValue(name)} is not set.`,
    "export it first, or give the value on standard input.",
  );
}

async function readStandardInput({ signal }: Surroundings): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  const stop = () => process.stdin.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of process.stdin) {
      chunks.push(Buffer.from(chunk));
      length += chunks.at(-1)?.length ?? 0;
      if (length > maxValueBytes) break;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    throwIfCancelled(signal);
  }
  return Buffer.concat(chunks);
}

/** One line, not shown while it is typed. */
async function askTerminal(name: string, { story, signal }: Surroundings): Promise<Uint8Array> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  // Only now does the terminal show nothing of what is typed.
  story.line(`Value of ${name} (one line, not shown; --from-file for more):`);
  try {
    return await new Promise<Uint8Array>((answer, reject) => {
      const stop = () => reject(new SkillcrateError("CANCELLED", "No value was given.", { hint: "" }));
      signal.addEventListener("abort", stop, { once: true });
      terminal.once("line", (line) => answer(Buffer.from(line)));
      terminal.once("SIGINT", stop);
      // Ctrl-D on an empty line.
      terminal.once("close", stop);
    });
  } finally {
    terminal.close();
  }
}

function invalid(message: string, hint: string): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", message, { hint });
}

function usage(message: string): SkillcrateError {
  return new SkillcrateError("USAGE", message, {
    hint: "Choose one of --from-file, --from-env, --from-command, or give it on standard input.",
  });
}
