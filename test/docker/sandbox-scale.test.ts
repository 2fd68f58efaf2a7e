import { expect, test } from "vitest";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { pruneSandboxes } from "../../src/sandbox/life/prune-sandboxes.ts";
import { useManagerGateways } from "../support/use-manager-gateways.ts";

const { gateway } = useManagerGateways();

test("twenty sessions at once, in two gateways' processes: all are up, none twice, none left over after gc", async () => {
  const { requestFor, open, sandboxes: there } = gateway("scale");
  const managers = [open(), open()];
  const keys = Array.from({ length: 20 }, (_, index) => `agent:main:telegram:dm:n${index}`);
  const given = await Promise.all(
    keys.flatMap((key) => managers.map((manager) => manager.ensure(requestFor(key)))),
  );
  expect(new Set(given.map(({ id }) => id)).size).toBe(20);
  expect(given.filter(({ action }) => action === "created")).toHaveLength(20);
  const listed = await listSandboxes(there);
  expect(listed.map(({ state, inUse }) => `${state} ${inUse}`)).toEqual(Array(20).fill("running true"));

  const late = { ...there, nowMs: Date.now() + 100 * 24 * 60 * 60 * 1000 };
  expect((await pruneSandboxes(late)).kept).toHaveLength(20);
  for (const manager of managers) await manager.close();
  expect((await pruneSandboxes(late)).removed).toHaveLength(20);
  const { workspaces, homes } = await collectSandboxGarbage({ ...late, graceMs: 0 });
  expect([workspaces.removed.length, homes.removed.length]).toEqual([20, 20]);
  expect(await listSandboxes(there)).toEqual([]);
}, 120_000);
