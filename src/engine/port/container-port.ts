import { setTimeout as delay } from "node:timers/promises";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { ContainerEntry, ContainerPort, ContainerSpec, EngineInfo } from "../engine.ts";
import { readContainerFacts } from "../sandbox/read-container-facts.ts";
import { askEngine, askWhetherThere } from "./ask-engine.ts";
import { lacksInit, refusal } from "./engine-error.ts";
import type { EngineLink } from "./engine-link.ts";
import { containerGone, containerPath, execCommand, toAssignments } from "./exec-command.ts";
import { imageNotFound } from "./image-port.ts";
import { readAnswer, readAnswers } from "./read-answer.ts";

export function createContainerPort(
  link: EngineLink,
  { product }: Pick<EngineInfo, "product">,
): ContainerPort {
  return {
    create: (spec, signal) => create(link, product, spec, signal),
    start: (id) => start(link, id),
    exec: (id, spec) => execCommand(link, id, spec),
    remove: (id) => remove(link, id),
    list: (label) => list(link, label),
    engineStartedMs: () => engineStartedMs(link),
    facts: () => readContainerFacts(link, product),
  };
}

async function create(
  link: EngineLink,
  product: EngineInfo["product"],
  spec: ContainerSpec,
  signal?: AbortSignal,
): Promise<string> {
  const doing = `create a container of image ${quoteValue(spec.image)}`;
  const ask = (init: boolean) =>
    askEngine(link, {
      method: "POST",
      path: "/containers/create",
      body: containerBody(spec, product, init),
      doing,
      pace: "patient",
      tolerate: [404],
      signal,
    });
  const answer = await ask(true).catch((error: unknown) => {
    if (!lacksInit(error)) throw error;
    return ask(false);
  });
  if (answer.status === 404) throw imageNotFound(spec.image, doing);
  return readAnswer(answer.body, doing).text("Id");
}

/** A container as hardened as the engine can make it; what the spec leaves open is closed. */
function containerBody(spec: ContainerSpec, product: EngineInfo["product"], init: boolean): object {
  return {
    Image: spec.image,
    Cmd: spec.command,
    ...(spec.entrypoint === undefined ? {} : { Entrypoint: spec.entrypoint }),
    ...(spec.user === null ? {} : { User: spec.user }),
    ...(spec.workdir === undefined ? {} : { WorkingDir: spec.workdir }),
    Env: toAssignments(spec.env),
    Labels: spec.labels,
    HostConfig: {
      NetworkMode: spec.network,
      ReadonlyRootfs: spec.readOnlyRoot,
      Tmpfs: spec.tmpfs,
      Memory: spec.memoryBytes,
      // The same limit for memory and swap together: no swap.
      MemorySwap: spec.memoryBytes,
      PidsLimit: spec.pids,
      Ulimits: [
        { Name: "core", Soft: 0, Hard: 0 },
        { Name: "nofile", Soft: 1024, Hard: 4096 },
        // Else Podman asks for the highest there is, which its service may not be allowed to.
        ...(product === "podman" ? [{ Name: "nproc", Soft: 4096, Hard: 4096 }] : []),
      ],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      IpcMode: "private",
      CgroupnsMode: "private",
      Init: init,
      LogConfig: { Type: "json-file", Config: { "max-size": "1m", "max-file": "1" } },
      RestartPolicy: { Name: "no" },
    },
  };
}

async function start(link: EngineLink, id: string): Promise<void> {
  const doing = `start container ${quoteValue(id)}`;
  const path = `${containerPath(id)}/start`;
  const { status } = await askEngine(link, { method: "POST", path, doing, pace: "patient", tolerate: [404] });
  if (status === 404) throw containerGone(id, doing);
}

async function remove(link: EngineLink, id: string): Promise<void> {
  const doing = `remove container ${quoteValue(id)}`;
  const query = { force: true, v: true };
  for (let attempt = 1; ; attempt += 1) {
    const path = containerPath(id);
    const answer = await askEngine(link, {
      method: "DELETE",
      path,
      query,
      doing,
      pace: "patient",
      tolerate: [404, 409],
    });
    if (answer.status !== 409) return;
    // Somebody else removes it: wait until they are through.
    if (attempt === removalAttempts) {
      throw refusal(409, readAnswer(answer.body, doing).textOrEmpty("message"), doing);
    }
    await delay(removalPauseMs);
  }
}

async function list(link: EngineLink, label: string): Promise<readonly ContainerEntry[]> {
  const doing = `list containers with label ${quoteValue(label)}`;
  const query = { all: true, filters: { label: [label] } };
  const { body } = await askEngine(link, {
    method: "GET",
    path: "/containers/json",
    query,
    doing,
    pace: "prompt",
  });
  return readAnswers(body, doing).map((entry) => ({
    id: entry.text("Id"),
    labels: entry.textMap("Labels"),
    createdMs: entry.numberOrZero("Created") * 1000,
  }));
}

/** Docker makes its default bridge anew whenever it starts, and says nothing of its start elsewhere. */
async function engineStartedMs(link: EngineLink): Promise<number | null> {
  const doing = "ask when the engine was started";
  const path = "/networks/bridge";
  const { status, body } = await askWhetherThere(link, path, doing);
  const started = status === 404 ? Number.NaN : Date.parse(readAnswer(body, doing).textOrEmpty("Created"));
  return Number.isNaN(started) ? null : started;
}

const removalAttempts = 40;
const removalPauseMs = 250;
