import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { useBuiltCli } from "./built-cli.ts";

const { run } = useBuiltCli();

/** Takes connections and never says a word: whoever asks it waits. */
let silent: Server;
let socket = "";
let connected: (() => void) | null = null;

beforeAll(async () => {
  socket = join(mkdtempSync(join(tmpdir(), "skillcrate-silent-")), "engine.sock");
  silent = createServer(() => connected?.());
  await new Promise<void>((resolve) => silent.listen(socket, resolve));
});
afterAll(() => {
  silent.close();
  rmSync(join(socket, ".."), { recursive: true, force: true });
});

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s", (signal, expected) => {
  test(`ends with ${expected} soon, with one document that says cancelled`, async () => {
    let sentMs = 0;
    const { exitCode, stdout } = await run(["verify", "debian:bookworm", "--json"], {
      env: { DOCKER_HOST: `unix://${socket}` },
      whileRunning: (child) => {
        connected = () => {
          connected = null;
          sentMs = performance.now();
          child.kill(signal);
        };
      },
    });
    expect(performance.now() - sentMs).toBeLessThan(5000);
    expect(exitCode).toBe(expected);
    expect(JSON.parse(stdout)).toMatchObject({
      format: "skillcrate/verify@1",
      outcome: "cancelled",
      diagnostics: [{ code: "CANCELLED" }],
      result: null,
    });
  });
});

test("a second signal ends it at once", async () => {
  const { exitCode, stdout } = await run(["verify", "debian:bookworm", "--json"], {
    env: { DOCKER_HOST: `unix://${socket}` },
    whileRunning: (child) => {
      connected = () => {
        connected = null;
        child.kill("SIGINT");
        // Two signals that are pending together arrive as one.
        setTimeout(() => child.kill("SIGINT"), 100);
      };
    },
  });
  expect(exitCode).toBe(130);
  expect(stdout === "" || JSON.parse(stdout).outcome === "cancelled").toBe(true);
});
