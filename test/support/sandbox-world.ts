import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { checkContainerPlan } from "../../src/sandbox/container/check-container-plan.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";
import type { ContainerRequest, ContainerSettings } from "../../src/sandbox/container/container-request.ts";
import { type ContainerUses, createContainerUses } from "../../src/sandbox/container/container-use.ts";
import { ensureContainer } from "../../src/sandbox/container/ensure-container.ts";
import type {
  ContainerEvent,
  EnsureContainerRequest,
  EnsuredContainer,
} from "../../src/sandbox/container/ensure-request.ts";
import { ownerId } from "../../src/sandbox/container/owner-id.ts";
import { planContainer } from "../../src/sandbox/container/plan-container.ts";
import type { GatewaySandboxes } from "../../src/sandbox/life/find-sandboxes.ts";
import type { Scope } from "../../src/sandbox/scope.ts";
import { type ScopeFolder, scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { containerRequest } from "./container-request.ts";
import { createMemoryEngine, type MemoryEngine } from "./memory-engine.ts";
import { tempFolder } from "./temp-folder.ts";

export const alice: Scope = { kind: "session", key: "agent:main:telegram:dm:alice" };

/** A gateway on an engine in memory. */
export interface SandboxWorld {
  readonly memory: MemoryEngine;
  readonly gateway: GatewaySandboxes;
  /** One process of the gateway. */
  readonly uses: ContainerUses;
  readonly events: ContainerEvent[];
  folder(scope?: Scope): ScopeFolder;
  plan(settings?: Partial<ContainerSettings>, request?: Partial<ContainerRequest>): ContainerPlan;
  ensure(plan: ContainerPlan, request?: Partial<EnsureContainerRequest>): Promise<EnsuredContainer>;
  /** `name state` of every container, sorted. */
  containers(): Promise<readonly string[]>;
}

export function sandboxWorld(programs: Parameters<typeof createMemoryEngine>[0] = {}): SandboxWorld {
  const memory = createMemoryEngine(programs);
  const stateDir = tempFolder();
  const workspaceRoot = join(stateDir, "sandboxes");
  const gateway = { engine: memory.engine, owner: ownerId(stateDir), workspaceRoot };
  const uses = createContainerUses();
  const events: ContainerEvent[] = [];
  const folder = (scope = alice) => {
    const made = scopeFolder(workspaceRoot, scope);
    mkdirSync(made.recordsDir, { recursive: true });
    return made;
  };
  return {
    memory,
    gateway,
    uses,
    events,
    folder,
    plan: (settings = {}, { scope = alice, ...request } = {}) => {
      const { dir, workspaceDir } = folder(scope);
      const mounts = [{ source: workspaceDir, target: "/workspace", readOnly: false }];
      const fields = { scope, ownerId: gateway.owner, scopeDir: dir, mounts, ...request };
      return planContainer(containerRequest(fields, settings));
    },
    ensure: (plan, request = {}) =>
      ensureContainer({
        engine: memory.engine,
        plan,
        recordsDir: folder().recordsDir,
        allowances: allowancesOf(plan),
        uses,
        onEvent: (event) => events.push(event),
        ...request,
      }),
    containers: async () => {
      const listed = await memory.engine.sandboxes.list([]);
      return listed.map(({ name, state }) => `${name} ${state}`).sort();
    },
  };
}

/** Its mounts are Skillcrate's own. */
export function allowancesOf({ body }: ContainerPlan): Parameters<typeof checkContainerPlan>[1] {
  return {
    ownSources: body.HostConfig.Mounts.map(({ Source }) => Source),
    bindGround: null,
    reservedContainerTargets: false,
    externalBindSources: false,
    containerNamespaceJoin: false,
    unlimited: [],
  };
}
