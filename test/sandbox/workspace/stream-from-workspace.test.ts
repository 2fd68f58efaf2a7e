import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { streamFromWorkspace } from "../../../src/sandbox/workspace/stream-from-workspace.ts";
import { countDescriptors, type SandboxWorld, sandboxWorld } from "./sandbox-world.ts";

let world: SandboxWorld;
let path: string;
let descriptors: number;

beforeEach(() => {
  world = sandboxWorld();
  path = join(world.workspaceDir, "file");
  descriptors = countDescriptors();
});

// A stream closes its descriptor a moment after its last event.
afterEach(() => vi.waitFor(() => expect(countDescriptors()).toBe(descriptors)));

const open = (options: { maxBytes?: number; signal?: AbortSignal } = {}) =>
  streamFromWorkspace({ mounts: world.mounts, path: "file", ...options });

test("gives what was there when it was opened, however the file grows", async () => {
  writeFileSync(path, "x".repeat(2_000_000));
  const { stream, sizeBytes } = await open();
  writeFileSync(path, "more", { flag: "a" });
  expect([sizeBytes, (await text(stream)).replaceAll("x", "").length]).toEqual([2_000_000, 0]);
  writeFileSync(path, "");
  expect(await text((await open()).stream)).toBe("");
});

test("fails where the file is cut, and is refused where it is too large", async () => {
  writeFileSync(path, Buffer.alloc(2_000_000));
  const { stream } = await open();
  truncateSync(path, 1_000_000);
  await expect(text(stream)).rejects.toMatchObject({ code: "WORKSPACE_CHANGED" });
  await expect(open({ maxBytes: 999_999 })).rejects.toMatchObject({ code: "WORKSPACE_TOO_LARGE" });
});

test("holds nothing open once it was destroyed: before, between and during reads", async () => {
  writeFileSync(path, Buffer.alloc(5_000_000));
  (await open()).stream.destroy();
  const { stream } = await open();
  for await (const _ of stream) break;
  const reading = (await open()).stream;
  reading.resume();
  reading.destroy();
});

test("ends on the signal", async () => {
  writeFileSync(path, Buffer.alloc(5_000_000));
  const stopped = new AbortController();
  const { stream } = await open({ signal: stopped.signal });
  const reading = text(stream);
  stopped.abort();
  await expect(reading).rejects.toThrow();
  expect(stream.destroyed).toBe(true);
});
