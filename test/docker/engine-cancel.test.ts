import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { BuildStepEvent, Engine } from "../../src/engine/engine.ts";
import { buildRequest, onTestBase, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

describe.each(["buildkit", "classic"] as const)("%s", (builder) => {
  /** When to press Ctrl-C. */
  const moments: Record<string, (event: BuildStepEvent) => boolean> = {
    "at the first event": () => true,
    "when the step starts": (event) => event.type === "step-started" && event.title.includes("RUN"),
    "while its program runs": (event) => event.type === "step-log",
  };

  test.each(Object.keys(moments))("%s: ends at once and leaves nothing", async (moment) => {
    // Nobody else sleeps for as long.
    const mark = String(randomInt(10 ** 8, 10 ** 9));
    const dockerfile = onTestBase(`RUN echo started; sleep ${mark}`);
    const caller = new AbortController();
    const request = buildRequest(dockerfile, { builder, noCache: true, signal: caller.signal });
    let stopped: Promise<string> | null = null;
    const running = runBuild(engine, request, (event) => {
      if (moments[moment]?.(event) !== true || stopped !== null) return;
      caller.abort("SIGINT");
      stopped = delay(2000, "still running after 2 s");
    });
    const { error } = await running;
    expect(await Promise.race([stopped, "ended in time"])).toBe("ended in time");
    expect(error).toMatchObject({ code: "CANCELLED" });

    await vi.waitFor(async () => expect(await tracesOf(mark)).toEqual([]), {
      timeout: 20_000,
      interval: 200,
    });
  });
});

/** Processes of this machine, and containers of the engine, that have the mark in their command. */
async function tracesOf(mark: string): Promise<string[]> {
  const containers = await new Docker().listContainers({ all: true });
  return [
    ...containers.filter(({ Command }) => Command.includes(mark)).map(({ Id }) => `container ${Id}`),
    ...processesWith(mark),
  ];
}

function processesWith(mark: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(mark))
    .map((pid) => `process ${pid}`);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It ended since the folder was listed.
    return "";
  }
}
