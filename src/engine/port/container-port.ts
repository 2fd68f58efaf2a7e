import { setTimeout as delay } from "node:timers/promises";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { ContainerEntry, ContainerPort, ContainerSpec } from "../engine.ts";
import { askEngine } from "./ask-engine.ts";
import { refusal } from "./engine-error.ts";
import type { EngineLink } from "./engine-link.ts";
import { containerGone, containerPath, execCommand, toAssignments } from "./exec-command.ts";
import { imageNotFound } from "./image-port.ts";
import { readAnswer, readAnswers } from "./read-answer.ts";

export function createContainerPort(link: EngineLink): ContainerPort {
  return {
    create: (spec, signal) => create(link, spec, signal),
    start: (id) => start(link, id),
    exec: (id, spec) => execCommand(link, id, spec),
    remove: (id) => remove(link, id),
    list: (label) => list(link, label),
  };
}

async function create(link: EngineLink, spec: ContainerSpec, signal?: AbortSignal): Promise<string> {
  const doing = `create a container of image ${quoteValue(spec.image)}`;
  const body = containerBody(spec);
  const path = "/containers/create";
  const answer = await askEngine(link, {
    method: "POST",
    path,
    body,
    doing,
    pace: "patient",
    tolerate: [404],
    signal,
  });
  if (answer.status === 404) throw imageNotFound(spec.image, doing);
  return readAnswer(answer.body, doing).text("Id");
}

/** A container as hardened as the engine can make it; what the spec leaves open is closed. */
function containerBody(spec: ContainerSpec): object {
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
      ],
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges"],
      IpcMode: "private",
      CgroupnsMode: "private",
      Init: true,
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
    exitCode: readExitCode(entry.textOrEmpty("Status")),
    createdMs: entry.numberOrZero("Created") * 1000,
  }));
}

/** A list tells it in words only: `Exited (137) 5 minutes ago`. */
function readExitCode(status: string): number | null {
  const code = /^Exited \((\d+)\)/.exec(status)?.[1];
  return code === undefined ? null : Number(code);
}

const removalAttempts = 40;
const removalPauseMs = 250;
