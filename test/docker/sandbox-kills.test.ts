import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { limitConcurrency } from "../../src/engine/build/limit-concurrency.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { type DockerGateway, setup } from "../support/docker-gateway.ts";
import { execShell } from "../support/exec-shell.ts";
import type { KillPoint, SandboxAction } from "../support/sandbox-process.ts";
import { useDockerGateways } from "../support/use-docker-gateways.ts";

const hourMs = 60 * 60 * 1000;
const limited = limitConcurrency(4);

const { engine, dir, newGateway } = useDockerGateways();
let bundle: string;

beforeAll(async () => {
  bundle = await bundleSource(["../test/support/sandbox-process.ts"], join(dir(), "bundle"));
});

/** How many steps an action takes that nobody interrupts. */
async function countSteps(action: SandboxAction, before: KillPoint["before"]): Promise<number> {
  const kill: KillPoint = { before, at: Number.MAX_SAFE_INTEGER };
  return await callInProcess<number>(bundle, "countSteps", [action, kill]).result;
}

/** Begins an action in a process that is killed before a step. */
async function killAt(action: SandboxAction, kill: KillPoint): Promise<void> {
  const { ended } = callInProcess(bundle, "countSteps", [action, kill]);
  expect((await ended).signal).toBe("SIGKILL");
}

const steps = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** Names of everything in a scope's folder. */
function filesOf(gateway: DockerGateway, session: string): readonly string[] {
  return readdirSync(gateway.folder(session).dir, { recursive: true, encoding: "utf8" }).sort();
}

describe.each(["request", "change"] as const)("kill -9 before any %s", (before) => {
  test("of a recreation with setup: gc leaves what the labels say, and the next use makes it well", async () => {
    const gateway = newGateway();
    const plan = (session: string) => gateway.plan(session, { setup });
    const action = (session: string): SandboxAction => ({
      kind: "ensure",
      request: gateway.request(session, plan(session)),
    });
    const prepare = async (session: string) => (await gateway.ensure(session)).release();
    await prepare("whole");
    const count = await countSteps(action("whole"), before);
    const sessions = steps(count).map((at) => `killed-${at}`);
    await Promise.all(
      sessions.map((session, index) =>
        limited(async () => {
          await prepare(session);
          await killAt(action(session), { before, at: index + 1 });
        }),
      ),
    );
    const found = await listSandboxes(gateway.sandboxes);
    const garbage = await collectSandboxGarbage({ ...gateway.sandboxes, graceMs: hourMs });
    const halfMade = found.filter((sandbox) => sandbox.halfMade).map(({ name }) => name);
    expect(halfMade.length).toBeGreaterThan(2);
    expect(garbage.containers.removed.map(({ name }) => name)).toEqual(halfMade);
    const whole = found.filter((sandbox) => !sandbox.halfMade).map(({ id }) => id);
    expect((await listSandboxes(gateway.sandboxes)).map(({ id }) => id)).toEqual(whole);

    const ensured = await Promise.all(
      sessions.map((session) => limited(() => gateway.ensure(session, plan(session)))),
    );
    for (const { id, release } of ensured) {
      expect(await execShell(engine(), id, "cat /tmp/prepared")).toBe("prepared\n");
      release();
    }
    expect(await gateway.there()).toEqual(
      ["whole", ...sessions].map((session) => `${plan(session).name} running`).sort(),
    );
    for (const session of sessions) expect(filesOf(gateway, session)).toEqual(filesOf(gateway, "whole"));
  });

  // Of its own, recreate only forgets failed setups.
  test.each(before === "request" ? (["recreate", "prune", "gc"] as const) : (["prune", "gc"] as const))(
    "of %s: what it had not come to is there, and the next one takes it",
    async (kind) => {
      const killOne = async (at: number | null): Promise<number> => {
        const gateway = newGateway();
        for (const session of ["a", "b"]) {
          const { name, body } = gateway.plan(session);
          await engine().sandboxes.create(name, body);
        }
        if (kind === "gc") rmSync(gateway.folder("a").dir, { recursive: true });
        const { owner, workspaceRoot } = gateway.sandboxes;
        const action: SandboxAction = { kind, gateway: { owner, workspaceRoot } };
        const names = await gateway.there();
        if (at !== null) {
          await killAt(action, { before, at });
          const left = await gateway.there();
          expect(names).toEqual(expect.arrayContaining([...left]));
        }
        const count = await countSteps(action, before);
        expect(await gateway.there()).toHaveLength(kind === "gc" ? 1 : 0);
        return count;
      };
      const count = await killOne(null);
      await Promise.all(steps(count).map((at) => limited(() => killOne(at))));
    },
  );
});
