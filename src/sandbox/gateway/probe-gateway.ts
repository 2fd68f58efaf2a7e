import { connect as connectTcp } from "node:net";
import JSON5 from "json5";
import type { ContainerPort, ExecResult } from "../../engine/engine.ts";
import { handshakeBytes, readGatewayAnswer } from "./gateway-handshake.ts";
import type {
  GatewayAttempt,
  GatewayClient,
  GatewayObservation,
  GatewayTarget,
} from "./gateway-observation.ts";
import { askScript, lookScript } from "./probe-scripts.ts";
import { tlsHelloBytes } from "./tls-hello.ts";

export interface GatewayProbeRequest {
  readonly containers: Pick<ContainerPort, "exec">;
  /** A running container of a sandbox. */
  readonly containerId: string;
  /** The engine's word for its network. */
  readonly network: string;
  /** Variables as an exec of this sandbox gets them, its secrets included. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the gateway listens on the host: `gateway.port`, 18789 by default. */
  readonly gatewayPort: number;
}

/**
 * Looks from inside a sandbox at what a gateway's client would read there, goes where it would go, and says what it would
 * say first; then tries the same port from the host. Nothing is changed. Needs `sh`, `base64` and, for the attempt, `bash`
 * and `getent` inside: where they are missing, the observation says so.
 *
 * Throws what an exec throws: `CONTAINER_GONE` and the engine's own failures.
 */
export async function probeGateway(request: GatewayProbeRequest): Promise<GatewayObservation> {
  const look = readLook((await runInside(request, ["sh", "-c", lookScript], {})).stdout);
  const { target, token, client } = readClient(look);
  const attempt =
    request.network === "none"
      ? { untried: "the sandbox has no network" }
      : await attemptFrom(request, target, token);
  const address = "address" in attempt ? attempt.address : null;
  const [hostLoopbackAnswers, hostAddressAnswers] = await Promise.all([
    answersFromHost("127.0.0.1", request.gatewayPort),
    address === null ? null : answersFromHost(address, target.port),
  ]);
  return { network: request.network, client, target, attempt, hostLoopbackAnswers, hostAddressAnswers };
}

function runInside(
  { containers, containerId, env }: GatewayProbeRequest,
  command: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<ExecResult> {
  return containers.exec(containerId, {
    command,
    env: { ...env, ...more, LC_ALL: "C" },
    outputLimitBytes: 256 * 1024,
    timeoutMs: 12_000,
  });
}

/** `NAME=base64` lines. */
function readLook(stdout: string): ReadonlyMap<string, string> {
  const lines = stdout.split("\n").map((line) => /^([A-Z_]+)=([A-Za-z0-9+/=]*)$/.exec(line));
  return new Map(
    lines.flatMap((match) => (match === null ? [] : [[match[1] ?? "", decode(match[2] ?? "")] as const])),
  );
}

const decode = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/** As the client reads it: its variables, then its configuration, and localhost where neither says anything. */
function readClient(look: ReadonlyMap<string, string>): {
  readonly target: GatewayTarget;
  readonly token: string | null;
  readonly client: GatewayClient;
} {
  const said = (name: string): string | null => look.get(name) || null;
  const state = said("CONFIG_STATE");
  const config = state === "read" ? parseConfig(look.get("CONFIG_TEXT") ?? "") : {};
  const gateway = objectIn(config ?? {}, "gateway");
  const remote = objectIn(gateway, "remote");
  const mode = textIn(gateway, "mode");
  const inConfig = mode === "remote" ? { url: textIn(remote, "url"), token: textIn(remote, "token") } : null;
  const token = said("TOKEN") ?? inConfig?.token ?? null;
  return {
    target: parseTarget(said("URL"), "env") ??
      parseTarget(inConfig?.url ?? null, "config") ?? {
        scheme: "ws",
        host: "127.0.0.1",
        port: 18789,
        from: "default",
      },
    token,
    client: {
      program: said("PROGRAM"),
      configPath: said("CONFIG_PATH") ?? "",
      configState:
        config === null ? "not-json5" : state === "read" || state === "unreadable" ? state : "missing",
      mode,
      hasToken: token !== null,
      tlsVerificationOff: look.get("TLS_REJECT") === "0",
      insecureWsAllowed: look.get("INSECURE_WS") === "1",
    },
  };
}

/** Null where it is not JSON5. It is the sandbox's own file: nothing in it is trusted. */
function parseConfig(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON5.parse(text)) ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null ? { ...value } : null;

const objectIn = (value: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> =>
  asObject(value[key]) ?? {};

const textIn = (value: Readonly<Record<string, unknown>>, key: string): string | null => {
  const text = value[key];
  return typeof text === "string" && text !== "" ? text : null;
};

/** Null for what is no WebSocket's address. */
function parseTarget(text: string | null, from: GatewayTarget["from"]): GatewayTarget | null {
  if (text === null || !URL.canParse(text)) return null;
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (scheme !== "ws" && scheme !== "wss") return null;
  if (!/^[A-Za-z0-9.:[\]-]{1,253}$/.test(url.hostname)) return null;
  return { scheme, host: url.hostname, port: Number(url.port) || (scheme === "ws" ? 80 : 443), from };
}

type Attempt = GatewayObservation["attempt"];

async function attemptFrom(
  request: GatewayProbeRequest,
  target: GatewayTarget,
  token: string | null,
): Promise<Attempt> {
  const asTls = async () => await askFrom(request, target, await tlsHelloBytes(target.host));
  if (target.scheme === "wss") return await asTls();
  const attempt = await askFrom(request, target, handshakeBytes({ ...target, token }));
  if ("untried" in attempt || attempt.answer === null || attempt.answer.status === 101) return attempt;
  // Many who speak TLS close without a word, or with a page, where they are asked in plain text.
  const second = await asTls();
  return "answer" in second && second.answer?.spoke === "tls" ? second : attempt;
}

async function askFrom(request: GatewayProbeRequest, target: GatewayTarget, bytes: Buffer): Promise<Attempt> {
  const { stdout, stderr, exitCode } = await runInside(request, ["bash", "-c", askScript], {
    SKILLCRATE_HOST: target.host.replaceAll(/[[\]]/g, ""),
    SKILLCRATE_PORT: String(target.port),
    SKILLCRATE_BYTES: bytes.toString("base64"),
  });
  const [, address] = /^address=(\S*)$/m.exec(stdout) ?? [];
  const [, answer] = /^answer=([A-Za-z0-9+/=]*)$/m.exec(stdout) ?? [];
  if (address === undefined) return { untried: `bash cannot be run in the sandbox (exit code ${exitCode})` };
  if (address === "") return { address: null, connection: "unresolved", answer: null };
  return answer === undefined
    ? { address, connection: connectionOf(stderr), answer: null }
    : { address, connection: "open", answer: readGatewayAnswer(Buffer.from(answer, "base64")) };
}

/** The shell's own words for what connect(2) said, in the C locale. */
function connectionOf(stderr: string): GatewayAttempt["connection"] {
  if (/refused/i.test(stderr)) return "refused";
  return /unreachable|no route/i.test(stderr) ? "unreachable" : "timeout";
}

function answersFromHost(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: 2000 });
    const settle = (answers: boolean) => () => {
      socket.destroy();
      resolve(answers);
    };
    socket.on("connect", settle(true)).on("error", settle(false)).on("timeout", settle(false));
  });
}
