import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { diagnoseGateway } from "../../src/sandbox/gateway/diagnose-gateway.ts";
import { probeGateway } from "../../src/sandbox/gateway/probe-gateway.ts";
import { type FakeGateway, type FakeGatewayOptions, startFakeGateway } from "../support/fake-gateway.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const docker = new Docker();
const token = "t0ken-of-the-gateway";
const name = "host.docker.internal";

let engine: Engine;
let dir: string;
/** Each with a network of its own kind. */
let containers: Readonly<Record<"none" | "nameless" | "linked", string>>;

beforeAll(async () => {
  engine = await connectTestEngine();
  dir = mkdtempSync(join(tmpdir(), "skillcrate-gateway-"));
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const files = ["-keyout", join(dir, "key.pem"), "-out", join(dir, "cert.pem")];
  await execa("openssl", ["req", "-x509", ...key, "-subj", `/CN=${name}`, "-days", "2", ...files]);
  const [none, nameless, linked] = await Promise.all([
    start({ NetworkMode: "none" }),
    start({ NetworkMode: "bridge" }),
    start({ NetworkMode: "bridge", ExtraHosts: [`${name}:host-gateway`] }),
  ]);
  containers = { none, nameless, linked };
});

afterAll(async () => {
  await Promise.all(Object.values(containers).map((id) => docker.getContainer(id).remove({ force: true })));
  rmSync(dir, { recursive: true });
});

async function start(network: object): Promise<string> {
  const container = await docker.createContainer({
    Image: inject("baseImage"),
    Cmd: ["sleep", "300"],
    User: "1000:1000",
    Labels: { [testLabel]: inject("testRun") },
    HostConfig: { ...network, Init: true, CapDrop: ["ALL"], Tmpfs: { "/tmp": "mode=1777" } },
  });
  await container.start();
  return container.id;
}

interface Case {
  readonly gateway?: Partial<FakeGatewayOptions> | "down" | "tls";
  readonly container?: "none" | "nameless" | "linked";
  /** Variables inside, of the gateway's port. */
  readonly env?: (port: number) => Record<string, string>;
  /** Client configuration in the home inside. */
  readonly config?: (port: number) => object;
}

async function check({ gateway = {}, container = "linked", env = withToken, config }: Case) {
  const fake = await startGateway(gateway);
  try {
    if (gateway === "down") await fake.close();
    const home = `/tmp/home-${fake.port}`;
    if (config !== undefined) await writeInside(`${home}/.openclaw/openclaw.json`, config(fake.port));
    const seen = await probeGateway({
      containers: engine.containers,
      containerId: containers[container],
      network: container === "none" ? "none" : "bridge",
      env: { HOME: home, ...env(fake.port) },
      gatewayPort: fake.port,
    });
    const { reachable, findings } = diagnoseGateway(seen);
    const errors = findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
    return { reachable, errors, requests: fake.requests, text: JSON.stringify(findings) };
  } finally {
    if (gateway !== "down") await fake.close();
  }
}

function startGateway(gateway: NonNullable<Case["gateway"]>): Promise<FakeGateway> {
  const options = typeof gateway === "string" ? {} : gateway;
  const read = (file: string) => readFileSync(join(dir, file), "utf8");
  const tls = gateway === "tls" ? { tls: { cert: read("cert.pem"), key: read("key.pem") } } : {};
  return startFakeGateway({ host: "0.0.0.0", token, ...tls, ...options });
}

async function writeInside(path: string, value: object): Promise<void> {
  const command = [
    "sh",
    "-c",
    'mkdir -p "$(dirname "$1")" && printf %s "$2" > "$1"',
    "sh",
    path,
    JSON.stringify(value),
  ];
  await engine.containers.exec(containers.linked, { command, outputLimitBytes: 1000, timeoutMs: 5000 });
}

const urlOnly = (port: number) => ({ OPENCLAW_GATEWAY_URL: `ws://${name}:${port}` });
const withToken = (port: number) => ({ ...urlOnly(port), OPENCLAW_GATEWAY_TOKEN: token });
const remote = (port: number, mode = "remote") => ({
  gateway: { mode, remote: { url: `ws://${name}:${port}`, token } },
});

describe("a gateway seen from inside a sandbox", () => {
  it("is reached by what the variables say, with their token", async () => {
    const { reachable, errors, requests } = await check({});
    expect({ reachable, errors }).toEqual({ reachable: true, errors: [] });
    expect(requests).toHaveLength(1);
    expect(JSON.parse(requests[0] ?? "")).toMatchObject({ method: "connect", params: { auth: { token } } });
  });

  it("is reached by what a configuration of the sandbox's own says", async () => {
    const { reachable, errors } = await check({ env: () => ({}), config: remote });
    expect({ reachable, errors }).toEqual({ reachable: true, errors: [] });
  });

  it.each<readonly [string, Case, string]>([
    ["without a network", { container: "none" }, "GATEWAY_NO_NETWORK"],
    ["without a name", { container: "nameless" }, "GATEWAY_NAME_UNKNOWN"],
    ["bound to loopback", { gateway: { host: "127.0.0.1" } }, "GATEWAY_LOOPBACK_ONLY"],
    ["down", { gateway: "down" }, "GATEWAY_NOT_RUNNING"],
    [
      "asked by wss on its plain port",
      { env: (port) => ({ ...withToken(port), OPENCLAW_GATEWAY_URL: `wss://${name}:${port}` }) },
      "GATEWAY_PLAIN_PORT",
    ],
    ["asked by ws where it speaks TLS", { gateway: "tls" }, "GATEWAY_SPEAKS_TLS"],
    ["asked without a token", { env: urlOnly }, "GATEWAY_TOKEN_MISSING"],
    [
      "asked with another token",
      { env: (port) => ({ ...urlOnly(port), OPENCLAW_GATEWAY_TOKEN: "another" }) },
      "GATEWAY_TOKEN_WRONG",
    ],
    ["that wants pairing", { gateway: { pairing: true } }, "GATEWAY_PAIRING_NEEDED"],
    [
      "sought at localhost by a variable",
      { env: (port) => ({ ...withToken(port), OPENCLAW_GATEWAY_URL: `ws://localhost:${port}` }) },
      "GATEWAY_CLIENT_LOCALHOST",
    ],
    ["sought without any configuration", { env: () => ({}) }, "GATEWAY_CLIENT_CONFIG_UNREAD"],
    [
      "in a configuration that is not in remote mode",
      { env: () => ({}), config: (port) => remote(port, "local") },
      "GATEWAY_CLIENT_CONFIG_UNREAD",
    ],
  ])("%s gets the one diagnosis that is right", async (_, given, code) => {
    const { reachable, errors, text } = await check(given);
    expect({ reachable, errors }).toEqual({ reachable: false, errors: [code] });
    expect(text).not.toContain(token);
  });

  it("cannot be judged by a look at its certificate alone", async () => {
    const env = (port: number) => ({ ...withToken(port), OPENCLAW_GATEWAY_URL: `wss://${name}:${port}` });
    const { reachable, errors, text } = await check({ gateway: "tls", env });
    expect({ reachable, errors }).toEqual({ reachable: null, errors: [] });
    expect(text).toContain("GATEWAY_UNTRIED");
  });
});
