import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { AuditFinding } from "../../src/sandbox/audit/audit-finding.ts";
import { askBrowser } from "../../src/sandbox/browser/ask-browser.ts";
import { stopBrowser } from "../../src/sandbox/browser/stop-browser.ts";
import { containerLabels } from "../../src/sandbox/container/container-plan.ts";
import { collectSandboxGarbage } from "../../src/sandbox/life/collect-sandbox-garbage.ts";
import { recreateSandboxes } from "../../src/sandbox/life/recreate-sandboxes.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { type BrowserWorld, browserWorld } from "../support/browser-world.ts";
import { callCli } from "../support/call-cli.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;
let image: string;
let world: BrowserWorld;
let server: Server;
let port: number;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await obtainBrowserImage();
  world = browserWorld(engine, image, { headless: true, network: "bridge" });
  // As a service of the host that is bound to all its addresses.
  server = createServer((socket) => socket.end("the host\n"));
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  const bound = server.address();
  port = bound === null || typeof bound === "string" ? 0 : bound.port;
}, 300_000);

afterAll(async () => {
  server?.close();
  await world?.remove();
});

const networksOfWorld = () => engine.networks.list([`${containerLabels.owner}=${world.gateway.owner}`]);

/** What a program in a container hears from there. */
async function hear(id: string, address: string, at: number): Promise<string> {
  const command = ["python3", "-c", hearProgram, address, String(at)];
  const { stdout } = await engine.containers.exec(id, { command, outputLimitBytes: 1000, timeoutMs: 20_000 });
  return stdout.trim();
}

const hearProgram = `
import socket, sys
try:
    print(socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=3).makefile().readline())
except OSError:
    print("nothing")
`;

/** Another container, in the engine's own bridge; gives its address. */
async function startNeighbour(network: string): Promise<string> {
  const id = await engine.containers.create({
    ...{ image, network, user: "1000:1000", env: {}, readOnlyRoot: true, tmpfs: {} },
    ...{ memoryBytes: 2 ** 27, pids: 32, entrypoint: [], labels: { [testLabel]: inject("testRun") } },
    command: ["python3", "-c", serveProgram],
  });
  onTestFinished(() => engine.containers.remove(id));
  await engine.containers.start(id);
  const { inspected } = (await engine.sandboxes.inspect(id)) ?? {};
  const { NetworkSettings } = inspected as {
    NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
  };
  // Its own program answers before anybody is asked about it.
  await expect.poll(() => hear(id, "127.0.0.1", 7000), { timeout: 10_000 }).toBe("the neighbour");
  return NetworkSettings.Networks[network]?.IPAddress ?? "";
}

const serveProgram = `
import socket
server = socket.create_server(("0.0.0.0", 7000))
while True:
    server.accept()[0].sendall(b"the neighbour\\n")
`;

async function auditOf(name: string): Promise<readonly AuditFinding[]> {
  const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
  const { homeDir } = world;
  const { stdout } = await callCli(["audit", "--json"], { env: { DOCKER_HOST }, homeDir, cwd: homeDir });
  const findings: readonly AuditFinding[] = JSON.parse(stdout).result.findings;
  return findings.filter(({ subject }) => subject === name);
}

test("a bridge is the browser's own: nobody else is in it, and audit names what it reaches of the host", async () => {
  const manager = world.open();
  const browser = await manager.ensureBrowser(world.request("own"));
  const [network, ...others] = await networksOfWorld();
  expect(others).toEqual([]);
  expect(network).toMatchObject({ name: browser.name, driver: "bridge", connectsContainers: false });
  expect(network?.labels).toMatchObject({
    [containerLabels.role]: "browser",
    [containerLabels.scopeKey]: "agent:main:telegram:dm:own",
  });
  expect((await engine.networks.inspect(browser.name))?.containerNames).toEqual([browser.name]);
  expect((await askBrowser(browser.cdpUrl, browser.cdpToken, 5000)).ok).toBe(true);

  expect(await hear(browser.containerId, await startNeighbour("bridge"), 7000)).toBe("nothing");
  // Whoever is put beside it does not reach it, nor the other way round.
  expect(await hear(browser.containerId, await startNeighbour(browser.name), 7000)).toBe("nothing");

  const gateway = network?.subnets[0]?.gateway ?? "";
  const isHere = Object.values(networkInterfaces()).some((each) =>
    each?.some(({ address }) => address === gateway),
  );
  const findings = await auditOf(browser.name);
  if (isHere) {
    expect(await hear(browser.containerId, gateway, port)).toBe("the host");
    const [found] = findings.filter(({ check }) => check === "HOST_PORTS_IN_REACH");
    expect(found?.message).toMatch(new RegExp(`[ ,]${port} \\(`));
    expect(found?.fix).toContain("iptables -I INPUT -i br-+");
  } else {
    expect(findings.map(({ check }) => check)).toContain("HOST_PORTS_UNKNOWN");
  }
  expect(findings.map(({ check }) => check)).not.toContain("CIS-5.30");
  expect(findings.map(({ check }) => check)).not.toContain("CONTAINERS_IN_REACH");
  await manager.close();
}, 60_000);

test("its network stays over a stop, is made again with it, and goes with it", async () => {
  const manager = world.open();
  const request = world.request("own");
  const { scope } = request.session;
  const [before] = await networksOfWorld();
  await stopBrowser({ ...world.gateway, scope });
  expect((await networksOfWorld()).map(({ id }) => id)).toEqual([before?.id]);
  // Somebody tidies up.
  await engine.networks.remove(before?.name ?? "");
  const browser = await manager.ensureBrowser(request);
  expect(browser.state).toBe("recreated");
  const [after] = await networksOfWorld();
  expect(after).toMatchObject({ name: before?.name });
  expect(after?.id).not.toBe(before?.id);
  // In use: the engine keeps it itself.
  expect(await engine.networks.remove(after?.name ?? "")).toBe(false);
  await manager.close();
  const selection = { kind: "all" } as const;
  expect((await recreateSandboxes({ ...world.gateway, selection })).removed).toHaveLength(1);
  expect([await networksOfWorld(), await world.containers()]).toEqual([[], []]);
}, 60_000);

test("what a killed process leaves of it goes with gc, and nobody else's", async () => {
  const { session } = world.request("killed");
  const name = "skillcrate-test-web-killed";
  const labels = {
    [containerLabels.role]: "browser",
    [containerLabels.owner]: world.gateway.owner,
    [containerLabels.scope]: session.scope.kind,
    [containerLabels.scopeKey]: session.scope.key,
    [containerLabels.scopeDir]: world.gateway.workspaceRoot,
    [containerLabels.network]: name,
  };
  await engine.networks.create({ name, labels });
  const foreign = { ...labels, [containerLabels.owner]: "another", [containerLabels.network]: `${name}-2` };
  const another = await engine.networks.create({ name: `${name}-2`, labels: foreign });
  onTestFinished(async () => void (await engine.networks.remove(`${name}-2`)));
  await expect(engine.networks.create({ name, labels })).rejects.toMatchObject({
    code: "NETWORK_NAME_TAKEN",
  });
  const gc = () => collectSandboxGarbage({ ...world.gateway, graceMs: 24 * 60 * 60 * 1000 });
  expect((await gc()).networks).toEqual([name]);
  expect(await engine.networks.inspect(name)).toBeNull();
  expect(await engine.networks.inspect(another)).not.toBeNull();
  expect((await gc()).networks).toEqual([]);
}, 30_000);

test("a browser that cannot be had leaves no network", async () => {
  const request = world.request("slow");
  const autoStartTimeoutMs = { ...request.config.browser.autoStartTimeoutMs, value: 1 };
  const config = { ...request.config, browser: { ...request.config.browser, autoStartTimeoutMs } };
  await expect(world.open().ensureBrowser({ ...request, config })).rejects.toMatchObject({
    code: "BROWSER_TIMEOUT",
  });
  expect([await networksOfWorld(), await world.containers()]).toEqual([[], []]);
}, 30_000);
