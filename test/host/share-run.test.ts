import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { type SharedRun, shareRun } from "../../src/host/share-run.ts";

function counted() {
  const runs = new Map<string, SharedRun<number>>();
  const state = { started: 0, stopped: 0, finish: (): void => undefined };
  const task = (signal: AbortSignal) => {
    state.started += 1;
    const number = state.started;
    return new Promise<number>((resolve, reject) => {
      state.finish = () => resolve(number);
      signal.addEventListener("abort", () => {
        state.stopped += 1;
        reject(new Error("stopped"));
      });
    });
  };
  return { runs, state, run: (signal?: AbortSignal) => shareRun(runs, "key", task, signal) };
}

test("who asks while it runs gets the same; who asks later starts another", async () => {
  const { state, run, runs } = counted();
  const both = [run(), run()];
  state.finish();
  expect(await Promise.all(both)).toEqual([1, 1]);
  expect(runs.size).toBe(0);
  const third = run();
  state.finish();
  expect(await third).toBe(2);
});

test("one who gives up does not stop the others; the last one does", async () => {
  const { state, run, runs } = counted();
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [run(first.signal), run(second.signal)];
  first.abort();
  await expect(answers[0]).rejects.toMatchObject({ code: "CANCELLED" });
  expect(state.stopped).toBe(0);
  second.abort();
  await expect(answers[1]).rejects.toMatchObject({ code: "CANCELLED" });
  await setImmediate();
  expect(state).toMatchObject({ started: 1, stopped: 1 });
  expect(runs.size).toBe(0);
});

test("a run that is being stopped is nobody else's", async () => {
  const { state, run } = counted();
  const first = new AbortController();
  const stopped = run(first.signal);
  first.abort();
  await expect(stopped).rejects.toMatchObject({ code: "CANCELLED" });
  const next = run();
  state.finish();
  expect(await next).toBe(2);
});

test("a signal that is aborted already starts nothing; an error reaches everyone", async () => {
  const { state, run } = counted();
  await expect(run(AbortSignal.abort())).rejects.toMatchObject({ code: "CANCELLED" });
  expect(state.started).toBe(0);
  const runs = new Map<string, SharedRun<number>>();
  const failing = () => shareRun(runs, "key", () => Promise.reject(new Error("no space")));
  const answers = await Promise.allSettled([failing(), failing()]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});
