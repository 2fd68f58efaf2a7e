import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { currentRun, isDeadRun } from "../../src/engine/run-identity.ts";

const [host = "", pid = "", start = "", seconds = ""] = currentRun().split(".");

test("this process is alive, and one with its pid that started at another time is not it", () => {
  expect(isDeadRun(currentRun())).toBe(false);
  expect(isDeadRun([host, pid, start, "1"].join("."))).toBe(false);
  expect(isDeadRun([host, pid, "1", seconds].join("."))).toBe(true);
});

test("a process is dead as soon as it was killed, also before its parent has taken note", async () => {
  const child = spawn("sleep", ["60"]);
  const name = [host, child.pid, 0, seconds].join(".");
  const startNow = [host, child.pid, start, seconds].join(".");
  expect(isDeadRun(startNow)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isDeadRun(name)).toBe(true);
});

test("a process of another host counts as dead after a day", () => {
  const now = Math.floor(Date.now() / 1000);
  expect(isDeadRun(`${"0".repeat(16)}.1.1.${now - 60}`)).toBe(false);
  expect(isDeadRun(`${"0".repeat(16)}.1.1.${now - 25 * 60 * 60}`)).toBe(true);
});

test.each(["", "x", "a.b.c.d", `${host}.-1.1.1`, `${host}.1`])("%j is nobody's name", (name) => {
  expect(isDeadRun(name)).toBe(true);
});
