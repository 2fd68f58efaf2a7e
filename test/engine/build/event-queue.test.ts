import { expect, test } from "vitest";
import { createEventQueue } from "../../../src/engine/build/event-queue.ts";
import { limitConcurrency } from "../../../src/engine/build/limit-concurrency.ts";
import { runInTurns } from "../../../src/engine/probe/run-in-turns.ts";

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

test("a queue gives everything in order, whether it was pushed before or while somebody reads", async () => {
  const queue = createEventQueue<number>();
  queue.push(1);
  queue.push(2);
  const seen: number[] = [];
  const reading = (async () => {
    for await (const value of queue.values) seen.push(value);
  })();
  await tick();
  queue.push(3);
  await tick();
  queue.push(4);
  queue.end();
  await reading;
  expect(seen).toEqual([1, 2, 3, 4]);
});

test("a queue that failed gives what came before, then throws", async () => {
  const queue = createEventQueue<number>();
  queue.push(1);
  queue.fail(new RangeError("no"));
  const seen: number[] = [];
  await expect(async () => {
    for await (const value of queue.values) seen.push(value);
  }).rejects.toThrow(RangeError);
  expect(seen).toEqual([1]);
});

test("work is started in order, never more than the limit at once, and a failure frees its place", async () => {
  const limit = limitConcurrency(2);
  const log: string[] = [];
  let running = 0;
  const work = (name: string) =>
    limit(async () => {
      running += 1;
      log.push(`${name}${running}`);
      await tick();
      running -= 1;
      if (name === "b") throw new Error("b");
      return name;
    });
  const results = await Promise.allSettled(["a", "b", "c", "d", "e"].map(work));
  expect(results.map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(log.map((entry) => entry[0]).join("")).toBe("abcde");
  expect(Math.max(...log.map((entry) => Number(entry[1])))).toBe(2);
});

test("results come in the items' order, whichever is ready first", async () => {
  const results = await runInTurns([5, 1, 3], 2, async (ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms * 2;
  });
  expect(results).toEqual([10, 2, 6]);
  expect(await runInTurns([], 2, async () => 1)).toEqual([]);
});
