import type { StartDetached } from "../../src/cli/command.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface CalledCli {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in this process; surroundings come in as values. */
export async function callCli(
  argv: readonly string[],
  surroundings: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly cwd?: string;
    readonly homeDir?: string;
    readonly terminal?: Terminal;
    readonly startDetached?: StartDetached;
    /** What is piped in; left out: nothing. */
    readonly stdin?: AsyncIterable<Uint8Array>;
    /** Hears what is piped out, as it comes. */
    readonly onOutput?: (text: string) => void;
    /** Outputs that people watch. */
    readonly watched?: boolean;
  } = {},
): Promise<CalledCli> {
  let stdout = "";
  let stderr = "";
  const pipeInto = (keep: (text: string) => void) => ({
    isTerminal: surroundings.watched ?? false,
    write: async (bytes: Uint8Array) => keep(Buffer.from(bytes).toString()),
  });
  const exitCode = await runCli(argv, {
    env: surroundings.env ?? {},
    cwd: surroundings.cwd ?? "/",
    homeDir: surroundings.homeDir ?? "/nonexistent",
    terminal: surroundings.terminal ?? null,
    ...(surroundings.startDetached === undefined ? {} : { startDetached: surroundings.startDetached }),
    pipes: {
      stdin: surroundings.stdin ?? null,
      stdout: pipeInto((text) => {
        stdout += text;
        surroundings.onOutput?.(text);
      }),
      stderr: pipeInto((text) => {
        stderr += text;
      }),
    },
    signal: new AbortController().signal,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    version: "1.2.3",
    crashed: new Promise(() => undefined),
  });
  return { exitCode, stdout, stderr };
}
