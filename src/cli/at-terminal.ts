import type { RunningCommand } from "../sandbox/exec/sandbox-exec.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a command of a sandbox at a person's terminal, which is what it was when this is over, however it ends. */
export async function atTerminal<Result>(
  terminal: Terminal,
  run: (typed: AsyncIterable<Uint8Array>, onStarted: (command: RunningCommand) => void) => Promise<Result>,
): Promise<Result> {
  let stopListening = () => {};
  terminal.setRaw(true);
  try {
    return await run(terminal.typed(), (command) => {
      // A size that could not be told is no reason to end a command.
      stopListening = terminal.onResize(() => void command.resize(terminal.size()).catch(() => undefined));
    });
  } finally {
    stopListening();
    terminal.setRaw(false);
  }
}
