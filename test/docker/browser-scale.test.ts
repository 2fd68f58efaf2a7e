import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { askBrowser } from "../../src/sandbox/browser/ask-browser.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { pruneSandboxes } from "../../src/sandbox/life/prune-sandboxes.ts";
import { recreateSandboxes } from "../../src/sandbox/life/recreate-sandboxes.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { type BrowserWorld, browserWorld } from "../support/browser-world.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
let world: BrowserWorld;

beforeAll(async () => {
  engine = await connectTestEngine();
  world = browserWorld(engine, await obtainBrowserImage(), { headless: true, autoStartTimeoutMs: 110_000 });
}, 300_000);

afterAll(async () => {
  await world?.remove();
});

test("ten browsers at once start and answer, are kept while they are used, and gone after gc", async () => {
  const manager = world.open();
  const names = Array.from({ length: 10 }, (_, index) => `n${index}`);
  const browsers = await Promise.all(names.map((name) => manager.ensureBrowser(world.request(name))));
  for (const { cdpUrl, cdpToken } of browsers) {
    expect((await askBrowser(cdpUrl, cdpToken, 20_000)).ok).toBe(true);
  }
  expect(new Set(browsers.map(({ cdpToken }) => cdpToken)).size).toBe(10);
  const listed = await listSandboxes(world.gateway);
  expect(listed.map(({ inUse, role }) => `${role} ${inUse}`)).toEqual(Array(10).fill("browser true"));
  const late = { ...world.gateway, nowMs: Date.now() + 100 * 24 * 60 * 60 * 1000 };
  expect((await pruneSandboxes(late)).kept).toHaveLength(10);
  await manager.close();
  const selection = { kind: "session", session: world.request("n0").session.key } as const;
  const recreated = await recreateSandboxes({ ...world.gateway, selection, browserOnly: true });
  expect(recreated.removed).toMatchObject([{ role: "browser" }]);
  expect((await pruneSandboxes(late)).removed).toHaveLength(9);
  await collectSandboxGarbage({ ...late, graceMs: 0 });
  expect(await world.containers()).toEqual([]);
}, 120_000);
