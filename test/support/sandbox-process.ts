import http from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { homedir } from "node:os";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { createContainerUses } from "../../src/sandbox/container/container-use.ts";
import { ensureContainer } from "../../src/sandbox/container/ensure-container.ts";
import type { EnsureContainerRequest } from "../../src/sandbox/container/ensure-request.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import type { GatewaySandboxes } from "../../src/sandbox/life/find-sandboxes.ts";
import { pruneSandboxes } from "../../src/sandbox/life/prune-sandboxes.ts";
import { recreateSandboxes } from "../../src/sandbox/life/recreate-sandboxes.ts";
import { createFailingDisk } from "./failing-disk.ts";

/*
 * What a gateway's process does in its own process, for tests that kill it. Arguments and results are plain JSON.
 */

export type EnsureArguments = Pick<EnsureContainerRequest, "plan" | "recordsDir" | "allowances">;

/** Asks `callers` times at once for one container; gives the ids. `holdMs`: it keeps the container for so long, and says so. */
export async function ensureInProcess(
  request: EnsureArguments,
  options: { readonly callers?: number; readonly holdMs?: number } = {},
): Promise<readonly string[]> {
  const engine = await connect();
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

/** Something that a gateway does with its sandboxes. */
export type SandboxAction =
  | { readonly kind: "ensure"; readonly request: EnsureArguments }
  | { readonly kind: "recreate" | "prune" | "gc"; readonly gateway: Omit<GatewaySandboxes, "engine"> };

/** The process kills itself before it asks the engine for the `at`-th time, or before the `at`-th change of the disk. */
export interface KillPoint {
  readonly before: "request" | "change";
  readonly at: number;
}

/** Does something to the end; gives how many steps of the kind of `kill` that took. */
export async function countSteps(action: SandboxAction, kill: KillPoint): Promise<number> {
  const disk = kill.before === "change" ? await createFailingDisk() : null;
  const engine = await connect();
  const requests = kill.before === "request" ? killAtRequest(kill.at) : null;
  disk?.arm(kill.at, { kind: "kill" });
  await act(action, engine);
  return disk?.disarm().operations ?? requests?.() ?? 0;
}

async function act(action: SandboxAction, engine: Engine): Promise<unknown> {
  switch (action.kind) {
    case "ensure":
      return (await ensureContainer({ ...action.request, engine, uses: createContainerUses() })).release();
    case "recreate":
      return recreateSandboxes({ ...action.gateway, engine, selection: { kind: "all" } });
    case "prune":
      return pruneSandboxes({ ...action.gateway, engine, nowMs: Date.now() + longMs });
    case "gc":
      return collectSandboxGarbage({ ...action.gateway, engine, graceMs: 0, nowMs: Date.now() + longMs });
  }
}

const longMs = 100 * 24 * 60 * 60 * 1000;

function connect(): Promise<Engine> {
  return connectEngine({ env: process.env, homeDir: homedir() });
}

/** Gives how many requests there were. */
function killAtRequest(at: number): () => number {
  const { request } = http;
  let requests = 0;
  http.request = ((...args: Parameters<typeof request>) => {
    requests += 1;
    if (requests === at) process.kill(process.pid, "SIGKILL");
    return request(...args);
  }) as typeof request;
  syncBuiltinESMExports();
  return () => requests;
}
