import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { awaitBrowser } from "../../../src/sandbox/browser/await-browser.ts";
import { sandboxWorld } from "../../support/sandbox-world.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const secrets = { cdpToken: "t".repeat(43), vncPassword: null, linkSecret: "l".repeat(43) };
const version = JSON.stringify({ Browser: "Chromium", webSocketDebuggerUrl: "ws://127.0.0.1:1/devtools" });

/** A door that answers after so many questions, and a container that runs behind it, while the clock goes wild. */
async function slowBrowser(questions: number) {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(asked > questions ? 200 : 503).end(version);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { memory, plan } = sandboxWorld();
  const { engine } = memory;
  const containerId = await engine.sandboxes.create("box", plan().body);
  await engine.sandboxes.start(containerId);
  const years = ["1971-01-01", "2099-01-01"];
  let moves = 0;
  const moving = setInterval(() => {
    vi.setSystemTime(years[moves % 2] ?? "");
    moves += 1;
  }, 5);
  onTestFinished(() => {
    clearInterval(moving);
    vi.useRealTimers();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const cdpUrl = `http://127.0.0.1:${port}`;
  const awaited = { engine, name: "box", containerId, cdpUrl, secrets, signal: undefined };
  return { wait: (timeoutMs: number) => awaitBrowser({ ...awaited, timeoutMs }), moves: () => moves };
}

describe("while the clock is moved by a century, to and fro", () => {
  test("a browser that takes its time is waited for", async () => {
    const { wait, moves } = await slowBrowser(10);
    await wait(60_000);
    expect(moves()).toBeGreaterThan(2);
  });

  test("one that never answers is given up", async () => {
    const { wait } = await slowBrowser(Number.POSITIVE_INFINITY);
    await expect(wait(200)).rejects.toMatchObject({ code: "BROWSER_TIMEOUT" });
  });
});

test("nothing of a browser's waits for a time of day", () => {
  const sources = [
    ...filesIn("src/sandbox/browser", ".ts").filter((path) => /Date\.now|new Date/.test(textOf(path))),
    ...filesIn("images/browser", ".py").filter((path) => /\btime\.time\b|datetime/.test(textOf(path))),
  ];
  // Both only write down when something was.
  expect(sources).toEqual(["src/sandbox/browser/prepare-browser.ts", "images/browser/browser.py"]);
});

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();
}

function textOf(path: string): string {
  return readFileSync(`${root}/${path}`, "utf8");
}
