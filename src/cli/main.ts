#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { exitCodes, signalNumbers } from "./exit-code.ts";
import { pipesOf } from "./pipes.ts";
import { runCli } from "./run-cli.ts";
import { startDetached } from "./start-detached.ts";
import { terminalOf } from "./terminal.ts";

const cancellation = new AbortController();
for (const [name, number] of Object.entries(signalNumbers)) {
  process.on(name, () => {
    // The second one means it.
    if (cancellation.signal.aborted) process.exit(128 + number);
    cancellation.abort(name);
  });
}

const crashed = new Promise<never>((_, reject) => process.on("uncaughtException", reject));
crashed.catch(() => undefined);

// A reader that went away (`| head`) is no failure: the rest is dropped, and the command ends as it would have.
let outputFailed = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") outputFailed = true;
  });
}

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  readonly version: string;
};

const exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  homeDir: homedir(),
  signal: cancellation.signal,
  stdout: process.stdout,
  stderr: process.stderr,
  startDetached,
  terminal: terminalOf(process.stdin, process.stdout),
  pipes: pipesOf(process.stdin, process.stdout, process.stderr),
  version,
  crashed,
});

// Some systems write to pipes in the background; and idle connections to an engine would keep the process.
process.stdout.write("", () => {
  process.stderr.write("", () => {
    process.exit(exitCode === exitCodes.done && outputFailed ? exitCodes.failed : exitCode);
  });
});
