import { readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { chromium, type Page, type Browser as PlaywrightBrowser } from "playwright-core";
import puppeteer from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Engine } from "../../src/engine/engine.ts";
import type { Browser } from "../../src/sandbox/browser/browser-request.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { type BrowserWorld, browserWorld } from "../support/browser-world.ts";
import { readPixels } from "../support/read-pixels.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
let server: Server;
let origin: string;
const uploads: string[] = [];
const worlds: BrowserWorld[] = [];
let headless: BrowserWorld;
let headed: BrowserWorld;

const megabytes = 100;

const page = `<!doctype html><title>a page</title>
<body style="margin:0;background:rgb(0,128,0);height:2000px">
<form><input id="name" autofocus><button id="go" type="button" onclick="document.title = 'hello ' + document.querySelector('#name').value">go</button>
<input id="file" type="file" onchange="fetch('/upload', { method: 'POST', body: this.files[0] }).then(() => (document.title = 'sent'))"></form>
<a id="small" href="/small.txt" download>small</a> <a id="large" href="/large.bin" download>large</a>
<script>addEventListener('mousedown', (event) => { if (event.target === document.body) document.body.style.background = 'rgb(0,0,200)'; });</script>`;

beforeAll(async () => {
  engine = await connectTestEngine();
  const image = await obtainBrowserImage();
  headless = browserWorld(engine, image, { headless: true });
  headed = browserWorld(engine, image);
  worlds.push(headless, headed);
  const chunk = Buffer.alloc(2 ** 20, "x");
  server = createServer((request, response) => {
    if (request.url === "/upload") {
      let sent = "";
      request.on("data", (part) => (sent += part));
      request.on("end", () => response.end(void uploads.push(sent)));
    } else if (request.url === "/small.txt") {
      response.setHeader("Content-Disposition", "attachment");
      response.end("a small file");
    } else if (request.url === "/large.bin") {
      response.setHeader("Content-Disposition", "attachment");
      response.setHeader("Content-Length", String(megabytes * 2 ** 20));
      let left = megabytes;
      const send = (): void => {
        while (left > 0) {
          left -= 1;
          if (!response.write(chunk)) return void response.once("drain", send);
        }
        response.end();
      };
      send();
    } else {
      response.setHeader("Content-Type", "text/html");
      response.end(page);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}, 300_000);

afterAll(async () => {
  server?.close();
  for (const world of worlds) await world.remove();
});

const request = (world: BrowserWorld, name: string) => world.request(name, { allow: [new URL(origin).host] });

async function connect(browser: Browser): Promise<{ client: PlaywrightBrowser; page: Page }> {
  const client = await chromium.connectOverCDP(await browser.wsEndpoint());
  const [context] = client.contexts();
  if (context === undefined) throw new Error("no context");
  return { client, page: context.pages()[0] ?? (await context.newPage()) };
}

/** What somebody does with a page: the same with and without a screen. */
async function usePage(browser: Browser): Promise<void> {
  const { client, page: tab } = await connect(browser);
  await tab.goto(origin);
  await tab.fill("#name", "");
  await tab.locator("#name").pressSequentially("world");
  await tab.click("#go");
  expect(await tab.title()).toBe("hello world");
  await tab.setInputFiles("#file", {
    name: "a.txt",
    mimeType: "text/plain",
    buffer: Buffer.from(`from ${browser.name}`),
  });
  await expect.poll(() => tab.title()).toBe("sent");
  expect(uploads).toContain(`from ${browser.name}`);
  // Beside the scroll bar.
  const picture = readPixels(await tab.screenshot());
  expect(picture.at(picture.width - 60, picture.height - 5)).toBe("rgb(0,128,0)");
  const session = await client.newBrowserCDPSession();
  await session.send("Browser.setDownloadBehavior", {
    behavior: "allow",
    downloadPath: "/workspace/downloads",
  });
  const downloads = join(browser.folder.workspaceDir, "downloads");
  await tab.click("#small");
  await expect
    .poll(() => statSync(join(downloads, "small.txt"), { throwIfNoEntry: false })?.size)
    .toBe("a small file".length);
  expect(readFileSync(join(downloads, "small.txt"), "utf8")).toBe("a small file");
  await tab.goto("chrome://sandbox");
  expect(await tab.innerText("body")).toContain("You are adequately sandboxed.");
  await tab.goto("about:blank");
  await client.close();
}

describe("Playwright", () => {
  test("drives a browser without a screen", async () => {
    const manager = headless.open();
    const browser = await manager.ensureBrowser(request(headless, "plain"));
    await usePage(browser);
    await manager.close();
  });

  test("drives a browser with a screen", async () => {
    const manager = headed.open();
    const browser = await manager.ensureBrowser(request(headed, "shown"));
    expect(browser.vnc).toMatchObject({ port: expect.any(Number) });
    await usePage(browser);
    await manager.close();
  });

  test("gets a large file through, and this process keeps none of it", async () => {
    const manager = headless.open();
    const browser = await manager.ensureBrowser(request(headless, "plain"));
    const { client, page: tab } = await connect(browser);
    const session = await client.newBrowserCDPSession();
    const downloadPath = "/workspace/downloads";
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath });
    await tab.goto(origin);
    const held = () => process.memoryUsage().arrayBuffers / 2 ** 20;
    const before = held();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, held())), 5);
    await tab.click("#large");
    const path = join(browser.folder.workspaceDir, "downloads", "large.bin");
    await expect
      .poll(() => statSync(path, { throwIfNoEntry: false })?.size, { timeout: 60_000 })
      .toBe(megabytes * 2 ** 20);
    clearInterval(watch);
    expect(most - before).toBeLessThan(megabytes / 2);
    await client.close();
    await manager.close();
  });
});

describe("other clients", () => {
  test("puppeteer connects by the endpoint, a WebSocket by the address and the token", async () => {
    const manager = headless.open();
    const browser = await manager.ensureBrowser(request(headless, "plain"));
    const client = await puppeteer.connect({ browserWSEndpoint: await browser.wsEndpoint() });
    const tab = await client.newPage();
    await tab.goto(origin);
    expect(await tab.title()).toBe("a page");
    await client.disconnect();
    const headers = { Authorization: `Bearer ${browser.cdpToken}` };
    const answered = await fetch(`${browser.cdpUrl}/json/version`, { headers });
    const { webSocketDebuggerUrl } = (await answered.json()) as { readonly webSocketDebuggerUrl: string };
    const socket = new WebSocket(webSocketDebuggerUrl, { headers });
    const answer = await new Promise<string>((resolve, reject) => {
      socket.on("open", () => socket.send(JSON.stringify({ id: 1, method: "Browser.getVersion" })));
      socket.on("message", (data) => resolve(String(data)));
      socket.on("error", reject);
    });
    expect(JSON.parse(answer).result.product).toMatch(/^(?:Headless)?Chrome\//);
    socket.terminate();
    await manager.close();
  });

  test("whoever has no token, another one, or comes from a page, gets nothing", async () => {
    const manager = headless.open();
    const browser = await manager.ensureBrowser(request(headless, "plain"));
    const ask = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${browser.cdpUrl}${path}`, { headers });
      const text = await response.text();
      expect(text).not.toContain(browser.cdpToken);
      return response.status;
    };
    const Authorization = `Bearer ${browser.cdpToken}`;
    expect(await ask("/json/version", { Authorization })).toBe(200);
    expect(await ask("/json/version")).toBe(401);
    expect(await ask("/json/version", { Authorization: `Bearer ${"x".repeat(43)}` })).toBe(401);
    expect(await ask(`/${browser.cdpToken.slice(0, -1)}/json/version`)).toBe(401);
    expect(await ask("/json/version", { Authorization, Origin: "https://evil.example" })).toBe(403);
    await manager.close();
  });
});

describe("a person", () => {
  test("drives nothing without a screen", async () => {
    const manager = headless.open();
    const browser = await manager.ensureBrowser(request(headless, "plain"));
    expect(browser.vnc).toBeNull();
    expect(await browser.viewerLink()).toBeNull();
    await manager.close();
  });
});
