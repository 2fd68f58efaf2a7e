import { rmSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import { limitConcurrency } from "../../src/engine/build/limit-concurrency.ts";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { execInSandbox } from "../../src/sandbox/exec/exec-in-sandbox.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { pruneSandboxes } from "../../src/sandbox/life/prune-sandboxes.ts";
import { recreateSandboxes } from "../../src/sandbox/life/recreate-sandboxes.ts";
import { type DockerGateway, setup } from "../support/docker-gateway.ts";
import { execShell } from "../support/exec-shell.ts";
import { type EngineFault, faultsAfter, faultsBefore, startFaultyProxy } from "../support/faulty-proxy.ts";
import { useDockerGateways } from "../support/use-docker-gateways.ts";

const hourMs = 60 * 60 * 1000;
const session = "faulty";

const { engine, newGateway } = useDockerGateways();

/** Something that changes what there is, and what has to be there before. */
interface Change {
  prepare(gateway: DockerGateway): Promise<void>;
  run(gateway: DockerGateway, faulty: Engine): Promise<unknown>;
}

const makeOld = async (gateway: DockerGateway) => (await gateway.ensure(session)).release();
const ensureSetUp = async (gateway: DockerGateway, over: Engine) => {
  (await gateway.ensure(session, gateway.plan(session, { setup }), over)).release();
};

const changes: Readonly<Record<string, Change>> = {
  creation: { prepare: async () => {}, run: ensureSetUp },
  recreation: { prepare: makeOld, run: ensureSetUp },
  recreate: {
    prepare: makeOld,
    run: (gateway, faulty) =>
      recreateSandboxes({ ...gateway.sandboxes, engine: faulty, selection: { kind: "all" } }),
  },
  prune: {
    prepare: makeOld,
    run: (gateway, faulty) => {
      const nowMs = Date.now() + 100 * hourMs;
      return pruneSandboxes({ ...gateway.sandboxes, engine: faulty, nowMs });
    },
  },
  gc: {
    prepare: async (gateway) => {
      await makeOld(gateway);
      rmSync(gateway.folder(session).dir, { recursive: true });
    },
    run: (gateway, faulty) =>
      collectSandboxGarbage({ ...gateway.sandboxes, engine: faulty, graceMs: hourMs }),
  },
};

interface Outcome {
  /** What was asked of the engine. */
  readonly requests: readonly string[];
  /** `ok`, or the error's code; an error of no type of ours is thrown. */
  readonly code: string;
}

/** Asks an engine whose `at`-th request meets a fault. */
async function meetFault(
  at: number,
  fault: EngineFault,
  ask: (faulty: Engine) => Promise<unknown>,
): Promise<Outcome> {
  const proxy = await startFaultyProxy();
  const env = { DOCKER_HOST: `unix://${proxy.socketPath}` };
  // Only silence is waited for.
  const deadlineMs = fault.startsWith("freeze") ? 1500 : 30_000;
  const faulty = await connectEngine({ env, homeDir: homedir(), deadlineMs });
  proxy.arm(at, fault);
  const code = await Promise.race([codeOf(ask(faulty)), delay(120_000, "no end")]);
  return { requests: proxy.disarm(), code };
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "ok";
  } catch (error) {
    if (error instanceof SkillcrateError) return error.code;
    throw error;
  }
}

/** `gc` leaves what is a sandbox by its labels, and nothing else; then there is one, and it is whole. */
async function expectRecovery(gateway: DockerGateway): Promise<void> {
  const plan = gateway.plan(session, { setup });
  await collectSandboxGarbage({ ...gateway.sandboxes, graceMs: hourMs });
  const left = await listSandboxes(gateway.sandboxes);
  expect(left.filter(({ name, halfMade }) => halfMade || name !== plan.name)).toEqual([]);
  const { id, release } = await gateway.ensure(session, plan);
  expect(await execShell(engine(), id, "cat /tmp/prepared")).toBe("prepared\n");
  expect(await gateway.there()).toEqual([`${plan.name} running`]);
  release();
  await engine().containers.remove(id);
}

const typed = [
  ...["ENGINE_DOWN", "ENGINE_SILENT", "ENGINE_REFUSED", "ENGINE_PROTOCOL"],
  ...["CONTAINER_GONE", "EXEC_NOT_STARTED"],
];

describe("an engine that fails at any request", () => {
  test.each(Object.keys(changes))(
    "of a %s: an error that says so, and nothing is left over",
    async (name) => {
      const { prepare, run } = changes[name] as Change;
      const change = async (at: number, fault: EngineFault) => {
        const gateway = newGateway();
        await prepare(gateway);
        const outcome = await meetFault(at, fault, (faulty) => run(gateway, faulty));
        await expectRecovery(gateway);
        return outcome;
      };
      const { requests, code } = await change(Number.POSITIVE_INFINITY, "cut");
      expect(code).toBe("ok");
      const limited = limitConcurrency(4);
      const outcomes = await Promise.all(
        // Each meets one fault before the engine has heard of it, and one after that.
        requests.flatMap((request, index) =>
          [faultsBefore[index % faultsBefore.length], faultsAfter[index % faultsAfter.length]].map(
            async (fault = "cut") => {
              const { code } = await limited(() => change(index + 1, fault));
              return { request, fault, code };
            },
          ),
        ),
      );
      expect(outcomes.filter(({ code }) => !typed.includes(code))).toEqual([]);
    },
  );

  test("of a command, or of a list: an error that says so, and the sandbox is as it was", async () => {
    const gateway = newGateway();
    const { id, release } = await gateway.ensure(session);
    const asks: Readonly<Record<string, (faulty: Engine) => Promise<unknown>>> = {
      list: (faulty) => listSandboxes({ ...gateway.sandboxes, engine: faulty }),
      command: (faulty) =>
        execInSandbox({ engine: faulty, containerId: id, command: ["true"], timeoutMs: 10_000 }),
    };
    const before = await gateway.there();
    const limited = limitConcurrency(8);
    for (const ask of Object.values(asks)) {
      const { requests, code } = await meetFault(Number.POSITIVE_INFINITY, "cut", ask);
      expect(code).toBe("ok");
      const outcomes = requests.flatMap((request, index) =>
        [...faultsBefore, ...faultsAfter].map(async (fault) => {
          const { code } = await limited(() => meetFault(index + 1, fault, ask));
          return { request, fault, code };
        }),
      );
      expect((await Promise.all(outcomes)).filter(({ code }) => !typed.includes(code))).toEqual([]);
    }
    expect(await gateway.there()).toEqual(before);
    release();
  });
});
