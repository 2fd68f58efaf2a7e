import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine, EngineInfo } from "../engine.ts";
import { createExecPort } from "../exec/create-exec-port.ts";
import { askEngine } from "../port/ask-engine.ts";
import { createBuildPort } from "../port/build-port.ts";
import { createContainerPort } from "../port/container-port.ts";
import { deniedHint } from "../port/engine-error.ts";
import { type EngineLink, linkEngine } from "../port/engine-link.ts";
import { createImagePort } from "../port/image-port.ts";
import { readAnswer } from "../port/read-answer.ts";
import { createRegistryPort } from "../port/registry-port.ts";
import { createNetworkPort } from "../sandbox/create-network-port.ts";
import { createSandboxPort } from "../sandbox/create-sandbox-port.ts";
import { type ConnectionStrategy, connectionStrategies } from "./connection-strategies.ts";
import type { Host } from "./docker-config.ts";

export interface ConnectOptions extends Host {
  /** How long an engine may say nothing before it counts as silent: 4.5 s, so that nobody waits for over 5. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Tried in this order; by default all there are. */
  readonly strategies?: readonly ConnectionStrategy[];
}

/**
 * Finds an engine and asks it one thing: what it is. Where the user named one (DOCKER_HOST, a docker context), or one
 * takes the connection but does not work, that is an error: no other engine takes its place.
 *
 * Throws `ENGINE_DOWN` with every strategy and why it failed, `ENGINE_DENIED` where the engines there are refuse this
 * user, `ENGINE_SILENT`, `ENGINE_PROTOCOL`, and `INPUT_INVALID` for a docker configuration that cannot be read.
 */
export async function connectEngine(options: ConnectOptions): Promise<Engine> {
  const failures: Failure[] = [];
  for (const strategy of options.strategies ?? connectionStrategies) {
    const attempt = await tryStrategy(strategy, options);
    if (!("reason" in attempt)) return attempt;
    failures.push(attempt);
  }
  throw noEngine(failures);
}

interface Failure {
  readonly name: string;
  readonly reason: string;
  readonly denied: boolean;
}

async function tryStrategy(strategy: ConnectionStrategy, options: ConnectOptions): Promise<Engine | Failure> {
  const proposal = await strategy.propose(options);
  const { name } = proposal;
  if (proposal.kind === "absent") return { name, reason: proposal.reason, denied: false };
  if (proposal.kind === "unusable") {
    throw new SkillcrateError("ENGINE_DOWN", `${name} names no usable engine: ${proposal.reason}`, {
      hint: proposal.hint,
    });
  }
  const link = await linkEngine(name, proposal.endpoint, options.deadlineMs ?? 4500);
  try {
    const info = await identify(link, options);
    return {
      info,
      images: createImagePort(link),
      builds: createBuildPort(link, info),
      containers: createContainerPort(link, info),
      sandboxes: createSandboxPort(link),
      networks: createNetworkPort(link),
      execs: createExecPort(link),
      registry: createRegistryPort(link, options),
    };
  } catch (error) {
    if (proposal.chosen || !isAbsence(error)) throw error;
    return { name, reason: absenceOf(error), denied: error.code === "ENGINE_DENIED" };
  }
}

async function identify(link: EngineLink, { env, signal }: ConnectOptions): Promise<EngineInfo> {
  const doing = "ask the engine for its version";
  const { body } = await askEngine(link, { method: "GET", path: "/version", doing, pace: "prompt", signal });
  const answer = readAnswer(body, doing);
  const components = answer.objects("Components").map((component) => component.textOrEmpty("Name"));
  const product = components.some((name) => name.startsWith("Podman")) ? "podman" : "docker";
  const os = answer.text("Os");
  const apiVersion = answer.text("ApiVersion");
  return {
    strategy: link.name,
    product,
    version: answer.text("Version"),
    apiVersion,
    platform: `${os}/${answer.text("Arch")}`,
    buildkit:
      product === "docker" &&
      os === "linux" &&
      isAtLeast(apiVersion, 1, 39) &&
      env["DOCKER_BUILDKIT"] !== "0",
  };
}

/** BuildKit is behind the build endpoint since API 1.39 (Docker 18.09), whether or not it is the default there. */
function isAtLeast(apiVersion: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = apiVersion.split(".").map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Nothing listens, or it is not for this user: the next strategy may have its turn. */
function isAbsence(error: unknown): error is SkillcrateError {
  return error instanceof SkillcrateError && (error.code === "ENGINE_DOWN" || error.code === "ENGINE_DENIED");
}

function absenceOf(error: SkillcrateError): string {
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return absences.get(code) ?? error.message;
}

const absences = new Map([
  ["EACCES", "this user may not use it"],
  ["ECONNREFUSED", "nothing listens on it"],
  ["ENOENT", "no such socket"],
  ["ENOTDIR", "no such socket"],
]);

function noEngine(failures: readonly Failure[]): SkillcrateError {
  const tried = failures.map(({ name, reason }) => `\n  ${name}: ${reason}`).join("");
  return failures.some(({ denied }) => denied)
    ? new SkillcrateError("ENGINE_DENIED", `an engine is there, but not for this user${tried}`, {
        hint: deniedHint,
      })
    : new SkillcrateError("ENGINE_DOWN", `no container engine was found${tried}`, { hint: noEngineHint });
}

const noEngineHint =
  "Install one, start one, or name one that runs:\n" +
  "sudo apt-get install docker.io\n" +
  "sudo systemctl start docker\n" +
  "export DOCKER_HOST=unix:///path/to/engine.sock";
