import { homedir } from "node:os";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { createContainerUses } from "../../src/sandbox/container/container-use.ts";
import { ensureContainer } from "../../src/sandbox/container/ensure-container.ts";
import type { EnsureContainerRequest } from "../../src/sandbox/container/ensure-request.ts";
import type { GatewaySandboxes } from "../../src/sandbox/life/find-sandboxes.ts";
import { pruneSandboxes } from "../../src/sandbox/life/prune-sandboxes.ts";

/** What a gateway's process does in its own process, for tests that kill it. Arguments and results are plain JSON. */
export type EnsureArguments = Pick<EnsureContainerRequest, "plan" | "recordsDir" | "allowances">;

/**
 * Asks `callers` times at once for one container; gives the ids. `killAt`: this process kills itself before its n-th
 * call of the engine. `holdMs`: it keeps the container for so long, and says so.
 */
export async function ensureInProcess(
  request: EnsureArguments,
  options: { readonly callers?: number; readonly killAt?: number; readonly holdMs?: number } = {},
): Promise<readonly string[]> {
  const engine = killedAt(await connect(), options.killAt ?? Number.POSITIVE_INFINITY);
  const uses = createContainerUses();
  const ensured = await Promise.all(
    Array.from({ length: options.callers ?? 1 }, () => ensureContainer({ ...request, engine, uses })),
  );
  if (options.holdMs !== undefined) {
    process.stdout.write("holding\n");
    await new Promise((resolve) => setTimeout(resolve, options.holdMs));
  }
  for (const { release } of ensured) release();
  return ensured.map(({ id }) => id);
}

/** Prunes; this process kills itself before its n-th call of the engine. */
export async function pruneInProcess(
  gateway: Omit<GatewaySandboxes, "engine">,
  nowMs: number,
  killAt: number,
): Promise<number> {
  const engine = killedAt(await connect(), killAt);
  return (await pruneSandboxes({ ...gateway, engine, nowMs })).removed.length;
}

function connect(): Promise<Engine> {
  return connectEngine({ env: process.env, homeDir: homedir() });
}

function killedAt(engine: Engine, killAt: number): Engine {
  let calls = 0;
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const method: unknown = Reflect.get(target, key);
        if (typeof method !== "function") return method;
        return (...args: unknown[]) => {
          calls += 1;
          if (calls === killAt) process.kill(process.pid, "SIGKILL");
          return Reflect.apply(method, target, args);
        };
      },
    });
  return { ...engine, containers: counted(engine.containers), sandboxes: counted(engine.sandboxes) };
}
