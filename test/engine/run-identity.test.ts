import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { currentRun, isDeadRun } from "../../src/engine/run-identity.ts";

const [host = "", space = "", pid = "", start = "", seconds = ""] = currentRun().split(".");

test("this process is alive, and one with its pid that started at another time is not it", () => {
  expect(isDeadRun(currentRun())).toBe(false);
  expect(isDeadRun([host, space, pid, start, "1"].join("."))).toBe(false);
  expect(isDeadRun([host, space, pid, "1", seconds].join("."))).toBe(true);
});

test("a process is dead as soon as it was killed, also while its parent has not taken note", async () => {
  const parent = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [text] = await once(parent.stdout, "data");
  const pid = Number(text);
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const name = [host, space, pid, stat.split(" ")[21], seconds].join(".");
  expect(isDeadRun(name)).toBe(false);
  process.kill(pid, "SIGKILL");
  await expect.poll(() => isDeadRun(name)).toBe(true);
  expect(readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z ");
  parent.kill("SIGKILL");
  await once(parent, "exit");
});

test("a process from before this host was started again is dead", () => {
  expect(isDeadRun([host, "0".repeat(16), pid, start, seconds].join("."))).toBe(true);
});

test("a process of another host counts as dead after a day", () => {
  const now = Math.floor(Date.now() / 1000);
  expect(isDeadRun(`${"0".repeat(16)}.${space}.1.1.${now - 60}`)).toBe(false);
  expect(isDeadRun(`${"0".repeat(16)}.${space}.1.1.${now - 25 * 60 * 60}`)).toBe(true);
});

test.each(["", "x", "a.b.c.d", `${host}.${space}.-1.1.1`, `${host}.1`])("%j is nobody's name", (name) => {
  expect(isDeadRun(name)).toBe(true);
});
