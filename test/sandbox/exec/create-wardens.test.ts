import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Engine } from "../../../src/engine/engine.ts";
import type { OpenExecSpec } from "../../../src/engine/exec/exec-port.ts";
import type { OutputChunk } from "../../../src/engine/port/split-frames.ts";
import { createWardens } from "../../../src/sandbox/exec/create-wardens.ts";
import { createMemoryEngine } from "../../support/memory-engine.ts";

/** An engine whose wardens answer as `answer` says; undefined: they say nothing, null: they end. */
function engineWith(answer: (request: string) => string | undefined | null) {
  const opened: (OpenExecSpec & { containerId: string })[] = [];
  let closed = 0;
  const open: Engine["execs"]["open"] = async (containerId, spec) => {
    opened.push({ ...spec, containerId });
    const stdin = new PassThrough();
    const output = async function* (): AsyncGenerator<OutputChunk> {
      yield { stream: "stdout", bytes: Buffer.from("0 ready\n") };
      for await (const chunk of stdin) {
        for (const line of String(chunk).trimEnd().split("\n")) {
          const said = /^\d+ (end|count)/.test(line) ? answer(line) : undefined;
          if (said === null) return;
          // Cut in the middle, as streams may be.
          for (const part of (said ?? "").match(/.{1,3}/gs) ?? [])
            yield { stream: "stdout", bytes: Buffer.from(part) };
        }
      }
    };
    const close = () => {
      closed += 1;
      stdin.end();
    };
    return { id: "x", stdin, output: output(), close };
  };
  const { engine } = createMemoryEngine();
  return { engine: { ...engine, execs: { ...engine.execs, open } }, opened, closed: () => closed };
}

const count = (line: string) => `${line.split(" ")[0]} 3 4\n`;

describe("wardens", () => {
  test("are one for each container and user, however many ask at once", async () => {
    const world = engineWith(count);
    const wardens = createWardens(world.engine);
    const [first, second] = await Promise.all([wardens.of("a"), wardens.of("a"), wardens.of("b")]);
    await wardens.of("a", "0:0");
    expect(first).toBe(second);
    expect(world.opened.map(({ containerId, user }) => [containerId, user])).toEqual([
      ["a", undefined],
      ["b", undefined],
      ["a", "0:0"],
    ]);
    const answers = await Promise.all([first.refusals(), first.refusals(), first.refusals()]);
    expect(answers).toEqual(Array(3).fill({ outOfMemory: 3, pidsLimit: 4 }));
    wardens.close();
    expect(world.closed()).toBe(3);
    await expect(wardens.of("a")).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("that have ended are started anew, and whoever asked one is told", async () => {
    let answers = 0;
    const world = engineWith((line) => {
      answers += 1;
      return answers === 1 ? null : count(line);
    });
    const wardens = createWardens(world.engine);
    const first = await wardens.of("a");
    await expect(first.refusals()).rejects.toMatchObject({ code: "EXEC_WARDEN_LOST" });
    await expect(first.refusals()).rejects.toMatchObject({ code: "EXEC_WARDEN_LOST" });
    const second = await wardens.of("a");
    expect(await second.refusals()).toEqual({ outOfMemory: 3, pidsLimit: 4 });
    wardens.close();
  });

  test("whose answers are noise are given up", async () => {
    const world = engineWith(() => "x".repeat(10_000));
    const wardens = createWardens(world.engine);
    const warden = await wardens.of("a");
    await expect(warden.refusals()).rejects.toMatchObject({ code: "EXEC_WARDEN_LOST" });
    expect(warden.alive).toBe(false);
    wardens.close();
  });

  test("that nobody needs are closed", async () => {
    const world = engineWith(count);
    const wardens = createWardens(world.engine, { idleMs: 50 });
    await wardens.of("a");
    expect(wardens.has("a")).toBe(true);
    await delay(300);
    expect([wardens.has("a"), world.closed()]).toEqual([false, 1]);
    wardens.close();
  });
});
