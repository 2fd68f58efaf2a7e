import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { auditBrowser } from "../../src/sandbox/audit/audit-browser.ts";
import { askBrowser } from "../../src/sandbox/browser/ask-browser.ts";
import { browserFolder } from "../../src/sandbox/browser/browser-folders.ts";
import { listPages, openPage } from "../../src/sandbox/browser/browser-pages.ts";
import { readBrowserStatus } from "../../src/sandbox/browser/read-browser-status.ts";
import { stopBrowser } from "../../src/sandbox/browser/stop-browser.ts";
import { createSandboxManager } from "../../src/sandbox/create-sandbox-manager.ts";
import { asObject, ownValue } from "../../src/skill/own-value.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { type BrowserWorld, browserWorld } from "../support/browser-world.ts";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
let image: string;
let world: BrowserWorld;
let server: Server;
let port: number;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await obtainBrowserImage();
  world = browserWorld(engine, image, { headless: true });
  server = createServer((request, response) => {
    response.setHeader("Set-Cookie", "known=yes; Max-Age=86400");
    response.end(`<title>${request.headers.cookie ?? "a stranger"}</title>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
}, 300_000);

afterAll(async () => {
  server?.close();
  await world?.remove();
});

const allow = () => [`127.0.0.1:${port}`];
const pageTitle = async (endpoint: string) => (await openPage(endpoint, `http://127.0.0.1:${port}/`)).title;
const sh = (id: string, script: string) =>
  engine.containers.exec(id, { command: ["sh", "-c", script], outputLimitBytes: 10_000, timeoutMs: 10_000 });

describe("a session's browser", () => {
  test("answers with its token, has the web that it may have, and takes two requests the second time", async () => {
    const proxy = await startCountingProxy();
    const env = { DOCKER_HOST: `unix://${proxy.socketPath}` };
    const counted = browserWorld(await connectEngine({ env, homeDir: homedir() }), image, { headless: true });
    const manager = counted.open();
    const request = counted.request("counted", { allow: allow() });
    const browser = await manager.ensureBrowser(request);
    expect(browser).toMatchObject({ state: "created", headless: true, vnc: null });
    expect(await pageTitle(await browser.wsEndpoint())).toBe("a stranger");
    const asked = proxy.requests.length;
    const again = await manager.ensureBrowser(request);
    expect(again).toMatchObject({ state: "reused", containerId: browser.containerId });
    expect(again.cdpToken).toBe(browser.cdpToken);
    expect(proxy.requests.slice(asked)).toEqual([
      `GET /images/${image}/json`,
      `GET /containers/${browser.name}/json`,
    ]);
    await counted.remove();
  });

  test("is one for two callers at once, and for two processes, of which the first keeps the doors", async () => {
    const [first, second] = [world.open(), world.open()];
    const request = world.request("two", { allow: allow() });
    const browsers = await Promise.all([
      first.ensureBrowser(request),
      first.ensureBrowser(request),
      second.ensureBrowser(request),
    ]);
    expect(new Set(browsers.map(({ containerId }) => containerId)).size).toBe(1);
    expect(new Set(browsers.map(({ cdpUrl }) => cdpUrl)).size).toBe(1);
    expect(browsers.filter((browser) => browser.state === "created")).toHaveLength(1);
    const [keeper, other] = browsers[0]?.connections() === null ? [second, first] : [first, second];
    await keeper.close();
    const again = await other.ensureBrowser(request);
    expect(again.state).toBe("reused");
    expect(again.connections()).toBe(0);
    expect((await askBrowser(again.cdpUrl, again.cdpToken, 5000)).ok).toBe(true);
  });

  test("shows its secrets to nobody who does not ask for them", async () => {
    const browser = await world.open().ensureBrowser(world.request("two"));
    const details = await engine.sandboxes.inspect(browser.containerId);
    const { stdout: processes } = await sh(
      browser.containerId,
      "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ",
    );
    const { stdout, stderr } = await engine.sandboxes.logs(browser.containerId, 1000);
    const everywhere = [
      ...[inspect(browser, { depth: 9 }), JSON.stringify(browser), JSON.stringify(details)],
      ...[processes, stdout, stderr, JSON.stringify(world.events)],
    ];
    expect(processes).toContain("chromium");
    for (const text of everywhere) expect(text).not.toContain(browser.cdpToken);
    expect((await askBrowser(browser.cdpUrl, "not-the-token", 5000)).ok).toBe(false);
  });

  test("keeps its profile over a stop, and has a fresh one where that is asked for", async () => {
    const manager = world.open();
    const request = world.request("profile", { allow: allow() });
    const { scope } = request.session;
    const browser = await manager.ensureBrowser(request);
    const endpoint = await browser.wsEndpoint();
    await pageTitle(endpoint);
    expect(await pageTitle(endpoint)).toBe("known=yes");
    await expect(stopBrowser({ ...world.gateway, scope })).rejects.toMatchObject({ code: "SANDBOX_IN_USE" });
    browser.release();
    // Chromium writes its cookies every thirty seconds, and when it ends.
    expect(await stopBrowser({ ...world.gateway, scope })).toMatchObject({
      state: "exited",
      role: "browser",
    });
    expect((await readBrowserStatus({ ...world.gateway, scope }))?.status.doors).toBeNull();
    const kept = await manager.ensureBrowser(request);
    expect(kept).toMatchObject({ state: "started", containerId: browser.containerId });
    expect(kept.cdpToken).not.toBe(browser.cdpToken);
    expect(await pageTitle(await kept.wsEndpoint())).toBe("known=yes");
    kept.release();
    await stopBrowser({ ...world.gateway, scope });
    const fresh = await manager.ensureBrowser({ ...request, profile: "fresh" });
    expect(await pageTitle(await fresh.wsEndpoint())).toBe("a stranger");
    await manager.close();
  });

  test("is made anew where its settings have changed, once nobody uses it", async () => {
    const manager = world.open();
    const request = world.request("settings");
    const browser = await manager.ensureBrowser(request);
    const { config } = request;
    const vncPort = { ...config.browser.vncPort, value: 5999 };
    const changed = { ...request, config: { ...config, browser: { ...config.browser, vncPort } } };
    const used = await manager.ensureBrowser(changed);
    expect(used).toMatchObject({ state: "reused", containerId: browser.containerId });
    expect(used.outdated).toMatchObject([{ kind: "plan" }]);
    browser.release();
    used.release();
    const anew = await manager.ensureBrowser(changed);
    expect(anew.state).toBe("recreated");
    expect(anew.containerId).not.toBe(browser.containerId);
    expect((await askBrowser(anew.cdpUrl, anew.cdpToken, 5000)).ok).toBe(true);
    await manager.close();
  });
});

describe("a browser that cannot be had", () => {
  test("does not start by itself where autoStart is off, and the command is told", async () => {
    const request = world.request("off");
    const autoStart = { ...request.config.browser.autoStart, value: false };
    const off = {
      ...request,
      config: { ...request.config, browser: { ...request.config.browser, autoStart } },
    };
    const manager = world.open();
    await expect(manager.ensureBrowser(off)).rejects.toMatchObject({
      code: "BROWSER_NOT_RUNNING",
      hint: expect.stringContaining("skillcrate sandbox browser start"),
    });
    expect((await world.containers()).join()).not.toContain("-off-");
  });

  test("is given up in time, with what it printed, and nothing is left of it", async () => {
    const request = world.request("slow");
    const timeout = { ...request.config.browser.autoStartTimeoutMs, value: 1 };
    const browser = { ...request.config.browser, autoStartTimeoutMs: timeout };
    const before = await world.containers();
    await expect(
      world.open().ensureBrowser({ ...request, config: { ...request.config, browser } }),
    ).rejects.toMatchObject({ code: "BROWSER_TIMEOUT", message: expect.stringContaining("within 1 ms") });
    expect(await world.containers()).toEqual(before);
  });

  test("says why its container ended", async () => {
    const request = world.request("port");
    const cdpPort = { ...request.config.browser.cdpPort, value: 65_535 };
    const before = await world.containers();
    const browser = { ...request.config.browser, cdpPort };
    await expect(
      world.open().ensureBrowser({ ...request, config: { ...request.config, browser } }),
    ).rejects.toMatchObject({ code: "BROWSER_ENDED", message: expect.stringContaining("CDP_PORT") });
    expect(await world.containers()).toEqual(before);
  });

  test("where Chromium cannot have its own sandbox says so, and runs where somebody lets it by name", async () => {
    const closed = withoutNamespaces(engine);
    const { stateDir, homeDir } = world;
    const request = world.request("narrow");
    const before = await world.containers();
    const manager = createSandboxManager({ engine: closed, stateDir, homeDir });
    await expect(manager.ensureBrowser(request)).rejects.toMatchObject({
      code: "BROWSER_ENDED",
      message: expect.stringContaining("cannot make its own sandbox here"),
      hint: expect.stringContaining("OPENCLAW_BROWSER_UNSANDBOXED=1 for the command line"),
    });
    expect(await world.containers()).toEqual(before);
    await manager.close();
    const open = createSandboxManager({ engine: closed, stateDir, homeDir, unsandboxedBrowsers: true });
    const browser = await open.ensureBrowser(request);
    const page = await openPage(await browser.wsEndpoint(), "data:text/html,<title>here</title>");
    expect(page.title).toBe("here");
    const details = await engine.sandboxes.inspect(browser.containerId);
    expect(auditBrowser(browser.name, details?.inspected)).toMatchObject([{ check: "BROWSER_UNSANDBOXED" }]);
    await open.close();
  });

  test("is given up on the signal", async () => {
    const controller = new AbortController();
    const before = await world.containers();
    const waiting = world.open().ensureBrowser(world.request("signal", { signal: controller.signal }));
    setTimeout(() => controller.abort(), 300);
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    // Who cancels does not wait for what is cleaned up.
    await expect.poll(() => world.containers(), { timeout: 10_000 }).toEqual(before);
  });
});

/** As on a host without user namespaces: the engine's own profile forbids them, and nobody sees that it is another one. */
function withoutNamespaces(real: Engine): Engine {
  const { sandboxes } = real;
  let planned: unknown = null;
  const hostConfigOf = (from: unknown) => asObject(ownValue(asObject(from), "HostConfig"));
  const create: typeof sandboxes.create = (name, body) => {
    planned = ownValue(hostConfigOf(body), "SecurityOpt");
    const HostConfig = { ...hostConfigOf(body), SecurityOpt: ["no-new-privileges"] };
    return sandboxes.create(name, { ...body, HostConfig });
  };
  const inspectAsPlanned: typeof sandboxes.inspect = async (id, signal) => {
    const details = await sandboxes.inspect(id, signal);
    if (details === null) return null;
    const HostConfig = { ...hostConfigOf(details.inspected), SecurityOpt: planned };
    return { ...details, inspected: { ...asObject(details.inspected), HostConfig } };
  };
  return { ...real, sandboxes: { ...sandboxes, create, inspect: inspectAsPlanned } };
}

describe("what goes on around it", () => {
  test("a killed browser is told of, and started again with other secrets", async () => {
    const manager = world.open();
    const request = world.request("killed");
    const browser = await manager.ensureBrowser(request);
    await sh(browser.containerId, "kill -9 $(pgrep -o chromium)");
    await expect
      .poll(async () => (await engine.sandboxes.inspect(browser.containerId))?.state, { timeout: 10_000 })
      .toBe("exited");
    const found = await readBrowserStatus({ ...world.gateway, scope: request.session.scope });
    expect(found?.status.said.at(-1)).toMatch(/chromium.*SIGKILL/i);
    const again = await manager.ensureBrowser(request);
    expect(again.state).toBe("started");
    expect(again.cdpToken).not.toBe(browser.cdpToken);
    expect(await listPages(await again.wsEndpoint())).toHaveLength(1);
    await manager.close();
  });

  test("records that are damaged cost a new start", async () => {
    const manager = world.open();
    const request = world.request("records");
    const browser = await manager.ensureBrowser(request);
    const path = join(browserFolder(browser.folder).recordsDir, "browser.json");
    expect(JSON.parse(readFileSync(path, "utf8")).containerId).toBe(browser.containerId);
    await manager.close();
    writeFileSync(path, "{");
    const other = world.open();
    const again = await other.ensureBrowser(request);
    expect(again).toMatchObject({ state: "reused", containerId: browser.containerId });
    expect(again.cdpToken).not.toBe(browser.cdpToken);
    expect((await askBrowser(again.cdpUrl, again.cdpToken, 5000)).ok).toBe(true);
    await other.close();
  });
});
