#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { signalNumbers } from "./exit-code.ts";
import { runCli } from "./run-cli.ts";

/** A cancelled command has this long to clean up before the process ends without it. */
const cancelTimeoutMs = 2000;

const cancellation = new AbortController();
for (const [name, number] of Object.entries(signalNumbers)) {
  process.on(name, () => {
    // The second one means it.
    if (cancellation.signal.aborted) process.exit(128 + number);
    cancellation.abort(name);
    setTimeout(() => process.exit(128 + number), cancelTimeoutMs).unref();
  });
}

// A reader that went away (`| head`) is no failure: the rest is not written, and the command ends as it would have.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") process.exitCode = 1;
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
  version,
});

// Pipes are written to in the background on some systems, and idle connections to an engine would keep the process.
process.stdout.write("", () => process.exit(process.exitCode ?? exitCode));
