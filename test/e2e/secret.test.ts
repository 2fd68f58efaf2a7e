import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "dotenv";
import { describe, expect, test } from "vitest";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { useBuiltCli } from "./built-cli.ts";

const { run, dir, main } = useBuiltCli();
const canary = "canary-$7f '\"x";
const pieces = /canary|7f/;
const set = ["secret", "set", "NOTES_KEY", "--agent", "main"];
let counter = 0;

/** A gateway's state folder of a test's own. */
function gateway() {
  counter += 1;
  const state = join(dir(), `state-${counter}`);
  mkdirSync(state);
  const env = { OPENCLAW_STATE_DIR: state, SKILLCRATE_STATE_DIR: join(state, "skillcrate") };
  const folder = scopeFolder(join(state, "sandboxes"), { kind: "agent", key: "main" });
  return { state, env, folder, stored: () => parse(readFileSync(folder.envFile)) };
}

test("a secret from standard input, for this user's eyes alone", async () => {
  const { env, folder, stored } = gateway();
  const ended = await run(set, { env, input: `${canary}\n` });
  expect(ended).toMatchObject({ exitCode: 0 });
  expect(ended.stdout + ended.stderr).not.toMatch(pieces);
  expect(stored()).toEqual({ NOTES_KEY: canary });
  expect(statSync(folder.envFile).mode & 0o777).toBe(0o600);
});

test("more than a variable holds is refused before all of it is read", async () => {
  const { env, folder } = gateway();
  const ended = await run(set, { env, input: Buffer.alloc(64 << 20, "canary") });
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toContain("more than 131072 bytes");
  expect(ended.stderr).not.toMatch(pieces);
  expect(existsSync(folder.envFile)).toBe(false);
});

// util-linux; gives its child a terminal.
const script = "/usr/bin/script";
if (!existsSync(script)) console.info("Left out: a secret typed at a terminal, which needs script(1).");

test.runIf(existsSync(script))("a secret typed at a terminal is not shown", async () => {
  const { env, stored } = gateway();
  const line = [process.execPath, main(), ...set].join(" ");
  const child = spawn(script, ["-qec", line, "/dev/null"], { env: { ...process.env, ...env, HOME: dir() } });
  let shown = "";
  const exitCode = await new Promise((resolve) => {
    child.stdout.on("data", (chunk) => {
      const asked = shown.includes("not shown");
      shown += chunk;
      if (!asked && shown.includes("not shown")) child.stdin.write(`${canary}\r`);
    });
    child.on("close", resolve);
  });
  expect(exitCode).toBe(0);
  expect(shown).not.toMatch(pieces);
  expect(stored()).toEqual({ NOTES_KEY: canary });
});

const isRoot = process.geteuid?.() === 0;
if (!isRoot) console.info("Left out: secrets as another user, which only root can become.");

describe.runIf(isRoot)("as an ordinary user", () => {
  test("everything works, and a scope of root's is refused", async () => {
    const { state, env, folder, stored } = gateway();
    const asUser = (argv: readonly string[], input = "") => run(argv, { env, input, uid: 1000 });
    chmodSync(dir(), 0o755);
    chownSync(state, 1000, 1000);
    expect(await asUser(set, canary)).toMatchObject({ exitCode: 0 });
    expect(stored()).toEqual({ NOTES_KEY: canary });
    expect(statSync(folder.envFile)).toMatchObject({ uid: 1000, gid: 1000 });
    const listed = await asUser(["secret", "list", "--agent", "main", "--json"]);
    expect(JSON.parse(listed.stdout).result.secrets).toMatchObject([{ name: "NOTES_KEY", from: ".env" }]);
    for (const path of [folder.dir, folder.envFile]) chownSync(path, 0, 0);
    const refused = await asUser(set, canary);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).not.toMatch(pieces);
    expect(stored()).toEqual({ NOTES_KEY: canary });
  });
});
