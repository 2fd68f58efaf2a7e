import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";

/** This program, started once more, which outlives whoever has started it. */
export interface DetachedProgram {
  readonly pid: number;
  /** How it ended; null: by a signal. Rejects where it could not be started. */
  readonly ended: Promise<number | null>;
}

/** Starts this program with other arguments; everything that it prints goes into a file, which is made anew. */
export function startDetached(argv: readonly string[], outputPath: string): DetachedProgram {
  const output = openSync(outputPath, "wx", 0o600);
  try {
    const command = [...process.execArgv, process.argv[1] ?? "", ...argv];
    const child = spawn(process.execPath, command, { detached: true, stdio: ["ignore", output, output] });
    child.unref();
    const ended = once(child, "exit").then(([exitCode]) => (typeof exitCode === "number" ? exitCode : null));
    // Who does not wait for its end is not asked to handle this.
    ended.catch(() => undefined);
    return { pid: child.pid ?? 0, ended };
  } finally {
    closeSync(output);
  }
}
