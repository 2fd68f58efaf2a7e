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
  } = {},
): Promise<CalledCli> {
  let stdout = "";
  let stderr = "";
  const exitCode = await runCli(argv, {
    env: surroundings.env ?? {},
    cwd: surroundings.cwd ?? "/",
    homeDir: surroundings.homeDir ?? "/nonexistent",
    terminal: surroundings.terminal ?? null,
    signal: new AbortController().signal,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    version: "1.2.3",
    crashed: new Promise(() => undefined),
  });
  return { exitCode, stdout, stderr };
}
