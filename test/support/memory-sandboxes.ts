import { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import type { ContainerEntry } from "../../src/engine/engine.ts";
import type { ContainerDetails, ContainerState, SandboxPort } from "../../src/engine/sandbox/sandbox-port.ts";
import { asInspected } from "../../src/sandbox/container/as-inspected.ts";
import type { ContainerPlan } from "../../src/sandbox/container/container-plan.ts";

interface Kept {
  name: string;
  state: ContainerState;
  startedAt: string;
  readonly body: object;
  readonly imageId: string;
}

/** The port for containers that live on, of an engine in memory; what is removed from `containers` is gone. */
export function memorySandboxes(
  containers: Map<string, ContainerEntry>,
  call: (name: string) => Promise<void>,
): SandboxPort {
  const kept = new Map<string, Kept>();
  let made = 0;
  let started = 0;
  const find = (idOrName: string): readonly [string, Kept] | null => {
    for (const [id, one] of kept)
      if (containers.has(id) && (id === idOrName || one.name === idOrName)) return [id, one];
    return null;
  };
  const need = (id: string): Kept => {
    const [, one] = find(id) ?? [];
    if (one === undefined) throw failure("CONTAINER_GONE");
    return one;
  };
  const describe = (
    id: string,
    { name, state, imageId }: Kept,
  ): Omit<ContainerDetails, "startedAt" | "inspected"> => {
    const { labels = {}, createdMs = 0 } = containers.get(id) ?? {};
    return { id, name, state, labels, imageId, createdMs };
  };
  return {
    create: async (name, body) => {
      await call(`sandboxes.create ${name}`);
      if (find(name) !== null) throw failure("CONTAINER_NAME_TAKEN");
      made += 1;
      const id = made.toString(16).padStart(64, "0");
      const { Labels = {}, Image = "" } = body as { Labels?: Record<string, string>; Image?: string };
      containers.set(id, { id, labels: Labels, createdMs: Date.now() });
      kept.set(id, { name, state: "created", startedAt: "", body, imageId: Image });
      return id;
    },
    start: async (id) => {
      await call(`sandboxes.start ${need(id).name}`);
      started += 1;
      Object.assign(need(id), { state: "running", startedAt: `start ${started}` });
    },
    stop: async (id) => {
      await call("sandboxes.stop");
      const [, one] = find(id) ?? [];
      if (one !== undefined) one.state = "exited";
    },
    rename: async (id, name) => {
      await call(`sandboxes.rename ${name}`);
      if (find(name) !== null) throw failure("CONTAINER_NAME_TAKEN");
      need(id).name = name;
    },
    inspect: async (idOrName) => {
      await call(`sandboxes.inspect ${idOrName}`);
      const [id, one] = find(idOrName) ?? [];
      return id === undefined || one === undefined
        ? null
        : { ...describe(id, one), startedAt: one.startedAt, inspected: inspected(one) };
    },
    list: async (labels, options) => {
      await call("sandboxes.list");
      const has = (id: string, label: string) => {
        const [key = "", value] = label.split(/=(.*)/s);
        const found = containers.get(id)?.labels[key];
        return found !== undefined && (value === undefined || found === value);
      };
      return [...kept]
        .filter(([id]) => containers.has(id) && labels.every((label) => has(id, label)))
        .map(([id, one]) => ({ ...describe(id, one), ownBytes: options?.sizes === true ? 0 : null }));
    },
    logs: async () => ({ stdout: "", stderr: "", truncated: false }),
  };
}

/** As planned, whatever the plan was. */
function inspected({ body, imageId }: Kept): object {
  return asInspected({ image: { id: imageId }, body } as ContainerPlan);
}

function failure(code: SkillcrateError["code"]): SkillcrateError {
  return new SkillcrateError(code, `the memory engine says ${code}`, { hint: "none" });
}
