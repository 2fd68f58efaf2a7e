import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { threadId } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { ownThread, type Thread, thisThread } from "../../src/host/thread.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { type ThreadTasks, threadTasks } from "../support/thread-tasks.ts";

let dir: string;

beforeAll(async () => {
  dir = memoryFolder();
  await bundleSource(["host/serve-thread.ts", "../test/support/thread-tasks.ts"], dir);
  const code = 'import { serveThread, threadTasks } from "./source.mjs"; serveThread(threadTasks);';
  writeFileSync(join(dir, "worker.mjs"), code);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const kinds = {
  "a thread of its own": (): Thread<ThreadTasks> => ownThread(pathToFileURL(join(dir, "worker.mjs"))),
  "this thread": (): Thread<ThreadTasks> => thisThread(threadTasks),
};

function start(kind: keyof typeof kinds = "a thread of its own"): Thread<ThreadTasks> {
  const thread = kinds[kind]();
  onTestFinished(() => thread.close());
  return thread;
}

const { signal } = new AbortController();

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])("%s", (kind) => {
  test("gives what tasks give, several at a time", async () => {
    const thread = start(kind);
    const results = await Promise.all([1, 2, 3].map((value) => thread.run("double", [value, 10], signal)));
    expect(results).toEqual([2, 4, 6].map((value) => [value, 20]));
  });

  test("throws what tasks throw: class, code, hint, diagnostics, the system's error as cause", async () => {
    const error = await start(kind)
      .run("fail", "/nowhere/at/all", signal)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SkillcrateError);
    expect(error).toMatchObject({
      name: "SkillcrateError",
      code: "MIRROR_NO_SPACE",
      message: "No room.",
      hint: "Make some.",
      diagnostics: [{ code: "MIRROR_LEFT_OUT" }],
      stack: expect.stringContaining("fail"),
      cause: { code: "ENOENT", syscall: "lstat", path: "/nowhere/at/all", errno: expect.any(Number) },
    });
  });

  test("tells a mistake in a task by its own name and place", async () => {
    await expect(start(kind).run("mistake", null, signal)).rejects.toMatchObject({
      name: "RangeError",
      message: "Out of it.",
      stack: expect.stringContaining("mistake"),
    });
  });

  test("passes a signal on, and gives CANCELLED with the caller's reason", async () => {
    const thread = start(kind);
    const controller = new AbortController();
    const waiting = thread.run("waitForAbort", null, controller.signal);
    const other = thread.run("waitForAbort", null, signal);
    other.catch(() => undefined);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED", cause: reason });
    expect(await Promise.race([other, thread.run("double", [1], signal)])).toEqual([2]);
  });
});

describe("a thread of its own", () => {
  test("is another one, which has neither environment nor options, and stays the same", async () => {
    const thread = start();
    const first = await thread.run("look", null, signal);
    expect(first).toMatchObject({ environment: [], options: [] });
    expect(first.threadId).not.toBe(threadId);
    expect(await thread.run("look", null, signal)).toEqual(first);
  });

  test("without its file fails tasks; a caller who has given up gets CANCELLED", async () => {
    const missing = ownThread<ThreadTasks>(pathToFileURL(join(dir, "missing.mjs")));
    const aborted = AbortSignal.abort("enough");
    await expect(missing.run("double", [1], aborted)).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(missing.run("double", [1], signal)).rejects.toMatchObject({ code: "MODULE_NOT_FOUND" });
  });

  test("that ended, or was ended, fails what it ran, and is started anew by the next task", async () => {
    const thread = start();
    const { threadId: before } = await thread.run("look", null, signal);
    await expect(thread.run("end", null, signal)).rejects.toThrow("ended before the task was done");
    const { threadId: between } = await thread.run("look", null, signal);
    const cut = thread.run("waitForAbort", null, signal);
    await Promise.all([expect(cut).rejects.toThrow("ended before the task was done"), thread.close()]);
    const { threadId: after } = await thread.run("look", null, signal);
    expect(new Set([before, between, after]).size).toBe(3);
  });

  test("helps while it has nothing else to do, and only if it is there already", async () => {
    const thread = start();
    const marks = new Int32Array(new SharedArrayBuffer(8));
    thread.letHelp("mark", { marks, at: 0 });
    expect(await thread.run("double", [1], signal)).toEqual([2]);
    expect([...marks]).toEqual([0, 0]);
    const waiting = thread.run("waitForAbort", null, AbortSignal.timeout(50));
    thread.letHelp("mark", { marks, at: 0 });
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    thread.letHelp("mark", { marks, at: 1 });
    thread.letHelp("fail", "/nowhere/at/all");
    expect(await thread.run("double", [2], signal)).toEqual([4]);
    expect([...marks]).toEqual([0, 1]);
  });

  test("fails a task whose input cannot be sent, and goes on", async () => {
    const thread = start();
    const functions = [() => 1] as unknown as readonly number[];
    await expect(thread.run("double", functions, signal)).rejects.toThrow("could not be cloned");
    expect(await thread.run("double", [2], signal)).toEqual([4]);
  });
});
