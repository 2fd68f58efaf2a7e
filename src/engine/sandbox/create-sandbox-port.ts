import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { askEngine, askWhetherThere, type EngineAnswer } from "../port/ask-engine.ts";
import { refusal } from "../port/engine-error.ts";
import type { EngineLink } from "../port/engine-link.ts";
import { containerGone, containerPath } from "../port/exec-command.ts";
import { imageNotFound } from "../port/image-port.ts";
import { isObject } from "../port/is-object.ts";
import { type AnswerReader, readAnswer, readAnswers } from "../port/read-answer.ts";
import { readLogs } from "./read-logs.ts";
import type { ContainerDetails, ContainerState, ListedContainer, SandboxPort } from "./sandbox-port.ts";
import { asUlimitRefused } from "./ulimit-refused.ts";

export function createSandboxPort(link: EngineLink): SandboxPort {
  return {
    create: (name, body) => create(link, name, body),
    start: (id) => start(link, id),
    stop: (id, timeoutSeconds) => stop(link, id, timeoutSeconds),
    rename: (id, name) => rename(link, id, name),
    inspect: (idOrName, signal) => inspect(link, idOrName, signal),
    list: (labels, options) => list(link, labels, options?.sizes ?? false, options?.signal),
    logs: (id, lines, signal) => readLogs(link, id, lines, signal),
  };
}

async function create(link: EngineLink, name: string, body: object): Promise<string> {
  const doing = `create the container ${quoteValue(name)}`;
  requireName(name);
  const answer = await askEngine(link, {
    method: "POST",
    path: "/containers/create",
    query: { name },
    body,
    doing,
    pace: "patient",
    // Podman says 500 where a name is taken.
    tolerate: [404, 409, 500],
  });
  if (answer.status < 400) return readAnswer(answer.body, doing).text("Id");
  if (answer.status === 404) throw imageNotFound(imageOf(body), doing);
  throw nameTaken(answer, name, doing) ?? refused(answer, doing);
}

function imageOf(body: object): string {
  return "Image" in body && typeof body.Image === "string" ? body.Image : "";
}

async function start(link: EngineLink, id: string): Promise<void> {
  const doing = `start the container ${quoteValue(id)}`;
  const ask = (verb: string) =>
    askEngine(link, {
      method: "POST",
      path: `${containerPath(id)}/${verb}`,
      doing,
      pace: "patient",
      tolerate: [404, 409],
    });
  let answer = await ask("start").catch((error: unknown) => {
    throw asUlimitRefused(error);
  });
  if (answer.status === 409 && messageOf(answer).includes("paused")) answer = await ask("unpause");
  // 409: somebody is removing it.
  if (answer.status >= 400) throw containerGone(id, doing);
}

async function stop(link: EngineLink, id: string, timeoutSeconds: number): Promise<void> {
  await askEngine(link, {
    method: "POST",
    path: `${containerPath(id)}/stop`,
    query: { t: timeoutSeconds },
    doing: `stop the container ${quoteValue(id)}`,
    pace: "patient",
    tolerate: [404],
  });
}

async function rename(link: EngineLink, id: string, name: string): Promise<void> {
  const doing = `give the container ${quoteValue(id)} the name ${quoteValue(name)}`;
  requireName(name);
  const answer = await askEngine(link, {
    method: "POST",
    path: `${containerPath(id)}/rename`,
    query: { name },
    doing,
    pace: "patient",
    tolerate: [404, 409, 500],
  });
  if (answer.status < 400) return;
  if (answer.status === 404) throw containerGone(id, doing);
  throw nameTaken(answer, name, doing) ?? refused(answer, doing);
}

async function inspect(
  link: EngineLink,
  idOrName: string,
  signal?: AbortSignal,
): Promise<ContainerDetails | null> {
  const doing = `inspect the container ${quoteValue(idOrName)}`;
  const { status, body } = await askWhetherThere(link, `${containerPath(idOrName)}/json`, doing, signal);
  if (status === 404) return null;
  const answer = readAnswer(body, doing);
  const created = Date.parse(answer.textOrEmpty("Created"));
  return {
    id: answer.text("Id"),
    name: withoutSlash(answer.text("Name")),
    state: toState(answer.object("State").textOrEmpty("Status")),
    labels: answer.object("Config").textMap("Labels"),
    imageId: toImageId(answer.text("Image")),
    createdMs: Number.isNaN(created) ? 0 : created,
    startedAt: answer.object("State").textOrEmpty("StartedAt"),
    inspected: body,
  };
}

async function list(
  link: EngineLink,
  labels: readonly string[],
  sizes: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly ListedContainer[]> {
  const doing = `list the containers with ${labels.map(quoteValue).join(" and ")}`;
  const { body } = await askEngine(link, {
    method: "GET",
    path: "/containers/json",
    query: { all: true, filters: { label: labels }, ...(sizes ? { size: true } : {}) },
    doing,
    pace: sizes ? "patient" : "prompt",
    signal,
  });
  return readAnswers(body, doing).map((entry) => toListed(entry, sizes));
}

function toListed(entry: AnswerReader, sizes: boolean): ListedContainer {
  return {
    id: entry.text("Id"),
    // Links give a container more names, each with another container's in front.
    name:
      entry
        .texts("Names")
        .map(withoutSlash)
        .find((name) => !name.includes("/")) ?? "",
    state: toState(entry.textOrEmpty("State")),
    labels: entry.textMap("Labels"),
    imageId: toImageId(entry.textOrEmpty("ImageID")),
    createdMs: entry.numberOrZero("Created") * 1000,
    ownBytes: sizes ? entry.numberOrZero("SizeRw") : null,
  };
}

function toState(word: string): ContainerState {
  if (word === "running" || word === "created" || word === "paused") return word;
  return word === "removing" || word === "dead" ? "removing" : "exited";
}

/** Podman leaves the algorithm out. */
function toImageId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

function withoutSlash(name: string): string {
  return name.replace(/^\//, "");
}

/** Engines would take some others, and then not find them again. */
function requireName(name: string): void {
  containerPath(name);
}

/** Null where the engine refuses for another reason. */
function nameTaken(answer: EngineAnswer, name: string, doing: string): SkillcrateError | null {
  const said = messageOf(answer);
  if (!/\bname\b.*\bin use\b/is.test(said)) return null;
  const holder = /\b[0-9a-f]{12,64}\b/.exec(said.replaceAll(name, ""))?.[0];
  const who = holder === undefined ? "another container" : `container ${holder}`;
  return new SkillcrateError("CONTAINER_NAME_TAKEN", `cannot ${doing}: ${who} has that name`, {
    hint: `See whose it is: docker inspect ${holder ?? escapeText(name)}`,
  });
}

function refused(answer: EngineAnswer, doing: string): SkillcrateError {
  return refusal(answer.status, messageOf(answer), doing);
}

function messageOf({ body }: EngineAnswer): string {
  return isObject(body) && typeof body["message"] === "string" ? body["message"] : "";
}
