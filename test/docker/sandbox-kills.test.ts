import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { limitConcurrency } from "../../src/engine/build/limit-concurrency.ts";
import type { Engine, ImageDetails } from "../../src/engine/engine.ts";
import { containerLabels } from "../../src/sandbox/container/container-plan.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { callInProcess } from "../support/call-in-process.ts";
import { DockerGateway } from "../support/docker-gateway.ts";
import type { KillPoint, SandboxAction } from "../support/sandbox-process.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const hourMs = 60 * 60 * 1000;
const setup = { command: ["sh", "-c", "echo prepared > /tmp/prepared"], timeoutMs: 30_000 };
const limited = limitConcurrency(4);

let engine: Engine;
let image: ImageDetails;
let dir: string;
let bundle: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  const inspected = await engine.images.inspect(inject("baseImage"));
  if (inspected === null) throw new Error("the base image is gone");
  image = inspected;
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-kills-"));
  bundle = await bundleSource(["../test/support/sandbox-process.ts"], join(dir, "bundle"));
});

afterAll(async () => {
  // Both labels: other files of this run have containers too.
  const ours = [`${testLabel}=${inject("testRun")}`, containerLabels.role];
  for (const { id } of await engine.sandboxes.list(ours)) await engine.containers.remove(id);
  rmSync(dir, { recursive: true, force: true });
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
    const gateway = new DockerGateway(dir, engine, image);
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
    const cat = { command: ["cat", "/tmp/prepared"], outputLimitBytes: 100, timeoutMs: 10_000 };
    for (const { id, release } of ensured) {
      expect(await engine.containers.exec(id, cat)).toMatchObject({ stdout: "prepared\n" });
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
        const gateway = new DockerGateway(dir, engine, image);
        for (const session of ["a", "b"]) {
          const { name, body } = gateway.plan(session);
          await engine.sandboxes.create(name, body);
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
