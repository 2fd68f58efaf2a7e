import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPlanGround } from "../../src/cli/read-plan-ground.ts";
import { forgetWaitingUpdates, readWaitingUpdates } from "../../src/cli/waiting-updates.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { openState, type State } from "../../src/source/open-state.ts";

const id = (digit: string) => `sha256:${digit.repeat(64)}`;
let dir = "";
let state: State;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skillcrate-ground-"));
  state = openState(dir);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const remember = (origin: "pulled" | "named", reference: string) =>
  state.base.change((current) => ({
    ...current,
    platforms: { "linux/amd64": { reference, digest: id("a"), imageId: id("b"), origin } },
  }));

test("nothing remembered: Debian's image by its name, and the first epoch", async () => {
  const { ground } = await readPlanGround(state, "linux/amd64", null);
  const base = { reference: "debian:bookworm-slim", digest: null, imageId: null };
  expect(ground).toEqual({ platform: "linux/amd64", base, aptEpoch: "1" });
});

test("the base that was obtained, for its platform only", async () => {
  await remember("pulled", "debian:bookworm-slim");
  const { ground } = await readPlanGround(state, "linux/amd64", null);
  expect(ground.base).toEqual({ reference: "debian:bookworm-slim", digest: id("a"), imageId: id("b") });
  expect((await readPlanGround(state, "linux/arm64", null)).ground.base.digest).toBeNull();
});

test("a base that was named holds for those who name it", async () => {
  await remember("named", "corp/debian:12");
  expect((await readPlanGround(state, "linux/amd64", "corp/debian:12")).ground.base.digest).toBe(id("a"));
  const unnamed = await readPlanGround(state, "linux/amd64", null);
  expect(unnamed.ground.base).toEqual({ reference: "debian:bookworm-slim", digest: null, imageId: null });
});

test("waiting updates are told until the image is built anew", async () => {
  const plans = [{ tag: "x-sandbox:a" }, { tag: "x-sandbox:b" }] as unknown as ImagePlan[];
  const checkedAt = "2026-11-01T10:00:00.000Z";
  const security = [{ package: "libssl3", from: "1", to: "2" }];
  await state.updates.change((current) => ({
    ...current,
    images: {
      "x-sandbox:a": { id: id("1"), checkedAt, security },
      "x-sandbox:b": { id: id("2"), checkedAt, security: [] },
    },
  }));
  const [told, ...others] = await readWaitingUpdates(state, plans);
  expect(others).toEqual([]);
  expect(told?.message).toBe("x-sandbox:a was behind 1 security update on 2026-11-01.");
  await forgetWaitingUpdates(state, ["x-sandbox:a"]);
  expect(await readWaitingUpdates(state, plans)).toEqual([]);
  expect(Object.keys((await state.updates.read()).value.images)).toEqual(["x-sandbox:b"]);
});
