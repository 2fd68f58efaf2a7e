import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { thisProcess } from "../../src/host/process-identity.ts";
import { withLock } from "../../src/host/with-lock.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { tempFolder } from "../support/temp-folder.ts";

describe("inside one process", () => {
  test("gives the task's result and leaves no file", async () => {
    const state = tempFolder();
    expect(await withLock(state, "build", async () => 42)).toBe(42);
    expect(readdirSync(join(state, "locks"))).toEqual([]);
  });

  test("releases when the task fails, and the task's error comes through", async () => {
    const state = tempFolder();
    await expect(withLock(state, "build", () => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    expect(readdirSync(join(state, "locks"))).toEqual([]);
    expect(await withLock(state, "build", async () => "again")).toBe("again");
  });

  test("runs tasks of one name one after the other, all of them", async () => {
    const state = tempFolder();
    let running = 0;
    let most = 0;
    const task = async () => {
      running += 1;
      most = Math.max(most, running);
      await delay(2);
      running -= 1;
    };
    await Promise.all(Array.from({ length: 12 }, () => withLock(state, "build", task)));
    expect(most).toBe(1);
  });

  test("lets tasks of different names run at once", async () => {
    const state = tempFolder();
    await withLock(state, "one", async () => {
      expect(await withLock(state, "one-more", async () => "inner")).toBe("inner");
    });
  });

  test("the signal ends waiting, not a task that runs, and names the holder", async () => {
    const state = tempFolder();
    const stop = new AbortController();
    const holders: number[] = [];
    await withLock(state, "build", async () => {
      const waiting = withLock(state, "build", async () => "never", {
        signal: stop.signal,
        onWait: (pid) => {
          holders.push(pid);
          stop.abort();
        },
      });
      await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
      await expect(waiting).rejects.toBeInstanceOf(SkillcrateError);
    });
    expect(holders).toEqual([process.pid]);
    expect(readdirSync(join(state, "locks"))).toEqual([]);
  });

  test("a state folder that is a file is an error with a hint", async () => {
    const state = join(tempFolder(), "state");
    writeFileSync(state, "");
    await expect(withLock(state, "build", async () => 1)).rejects.toMatchObject({
      code: "STATE_FAILED",
      hint: expect.stringContaining("SKILLCRATE_STATE_DIR"),
    });
  });

  test("refuses a name that could be a path", async () => {
    await expect(withLock(tempFolder(), "../x", async () => 1)).rejects.toBeInstanceOf(RangeError);
  });
});

describe("what others left", () => {
  const nonce = "0123456789ab";

  function leave(state: string, name: string, ageMs = 0): string {
    mkdirSync(join(state, "locks"), { recursive: true });
    const path = join(state, "locks", name);
    writeFileSync(path, "");
    const then = new Date(Date.now() - ageMs);
    utimesSync(path, then, then);
    return path;
  }

  test("a process that has our pid's number but another start time holds nothing", async () => {
    const state = tempFolder();
    const { space, pid } = thisProcess();
    leave(state, `build.${space}.${pid}.1.${nonce}`);
    expect(await withLock(state, "build", async () => readdirSync(join(state, "locks")).length)).toBe(1);
  });

  test("another container's holder counts until it has been silent for a minute", async () => {
    const state = tempFolder();
    const foreign = `build.${"f".repeat(16)}.1.1.${nonce}`;
    leave(state, foreign, 30_000);
    const waiting = withLock(state, "build", async () => 1, { signal: AbortSignal.timeout(300) });
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    leave(state, foreign, 61_000);
    expect(await withLock(state, "build", async () => 1)).toBe(1);
    expect(readdirSync(join(state, "locks"))).toEqual([]);
  });

  test("files that are no claims, or claims of other names, are left alone", async () => {
    const state = tempFolder();
    leave(state, "build.readme");
    leave(state, `builds.${"f".repeat(16)}.1.1.${nonce}`);
    expect(await withLock(state, "build", async () => 1)).toBe(1);
    expect(readdirSync(join(state, "locks"))).toHaveLength(2);
  });
});

describe("between processes", () => {
  let bundle: string;

  beforeAll(async () => {
    const dir = mkdtempSync(join(tmpdir(), "skillcrate-lock-"));
    bundle = await bundleSource(["host/with-lock.ts"], dir);
    return () => rmSync(dir, { recursive: true, force: true });
  });

  function run(body: string): ChildProcess {
    const code = `import { readFileSync, writeFileSync } from "node:fs";
      import { withLock } from ${JSON.stringify(bundle)};
      ${body}`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => {
      child.kill("SIGKILL");
    });
    return child;
  }

  test("six processes count to 120 in one file without losing a step", async () => {
    const state = tempFolder();
    const counter = join(state, "counter");
    writeFileSync(counter, "0");
    const children = Array.from({ length: 6 }, () =>
      run(`for (let i = 0; i < 20; i += 1) await withLock(${JSON.stringify(state)}, "count", async () => {
        const value = Number(readFileSync(${JSON.stringify(counter)}, "utf8"));
        await new Promise((done) => setImmediate(done));
        writeFileSync(${JSON.stringify(counter)}, String(value + 1));
      });`),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
    expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(counter, "utf8")).toBe("120");
    expect(readdirSync(join(state, "locks"))).toEqual([]);
  });

  test("a holder that is killed holds nothing any more, even before its parent takes note", async () => {
    const state = tempFolder();
    const holder = run(`await withLock(${JSON.stringify(state)}, "build", async () => {
      console.log("held");
      await new Promise((done) => setTimeout(done, 600_000));
    });`);
    if (holder.stdout === null) throw new Error("no pipe");
    await once(holder.stdout, "data");
    const early = withLock(state, "build", async () => 1, { signal: AbortSignal.timeout(300) });
    await expect(early).rejects.toMatchObject({ code: "CANCELLED" });
    holder.kill("SIGKILL");
    expect(await withLock(state, "build", async () => "mine", { signal: AbortSignal.timeout(5_000) })).toBe(
      "mine",
    );
  });
});
