import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StartDetached } from "../../src/cli/command.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { type BrowserWorld, browserWorld } from "../support/browser-world.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { callCli } from "../support/call-cli.ts";
import { readPixels } from "../support/read-pixels.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
let world: BrowserWorld;
let bundle: string;
const started: number[] = [];

beforeAll(async () => {
  engine = await connectTestEngine();
  world = browserWorld(engine, await obtainBrowserImage(), { headless: true });
  // Where the package's own files are found from.
  const packageDir = join(world.homeDir, "package");
  mkdirSync(packageDir);
  for (const name of ["package.json", "data", "images"])
    symlinkSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), join(packageDir, name));
  bundle = await bundleSource(["cli/run-cli.ts"], join(packageDir, "dist"));
}, 300_000);

afterAll(async () => {
  for (const pid of started) if (isThere(pid)) process.kill(pid, "SIGKILL");
  await world?.remove();
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const env = () => ({
  DOCKER_HOST: process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock",
  HOME: world.homeDir,
});

/** The command line in a process of its own, from its sources. */
const startDetached: StartDetached = (argv, outputPath) => {
  const code = `import { runCli } from ${JSON.stringify(bundle)};
    const cancellation = new AbortController();
    process.on("SIGTERM", () => cancellation.abort("SIGTERM"));
    process.exit(await runCli(${JSON.stringify(argv)}, { env: process.env, cwd: "/", homeDir: process.env.HOME,
      signal: cancellation.signal, stdout: process.stdout, stderr: process.stderr, terminal: null, version: "1",
      crashed: new Promise(() => undefined) }));`;
  const output = openSync(outputPath, "wx", 0o600);
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: env(),
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  started.push(child.pid ?? 0);
  const ended = once(child, "exit").then(([exitCode]) => (typeof exitCode === "number" ? exitCode : null));
  return { pid: child.pid ?? 0, ended };
};

async function run(...argv: string[]) {
  const words = ["sandbox", "browser", ...argv, "--session", "agent:main:telegram:dm:cli", "--json"];
  const { homeDir } = world;
  const called = await callCli(words, { env: env(), homeDir, cwd: homeDir, startDetached });
  const { outcome, result } = JSON.parse(called.stdout);
  return { ...called, outcome, result };
}

test("a browser is started, looked at, used and stopped; what is secret is told where it is asked for", async () => {
  const none = await run("status");
  expect(none.result.status).toBeNull();
  const start = await run("start");
  expect(start.stderr).toBe("");
  expect(start).toMatchObject({ exitCode: 0, result: { headless: true, cdpToken: null, wsEndpoint: null } });
  expect(started).toHaveLength(1);
  const shown = await run("status", "--show-secrets");
  expect(shown.result.status.doors.keeperPid).toBe(started[0]);
  const { cdpToken, cdpUrl } = shown.result.browser;
  expect(cdpToken).toMatch(/^[\w-]{43}$/);
  expect(start.stdout + start.stderr).not.toContain(cdpToken);
  expect(cdpUrl).toBe(start.result.cdpUrl);

  const page = `data:text/html,<title>blue</title><body style="background:rgb(0,0,200)">`;
  const open = await run("open", page);
  expect(open.result.page.title).toBe("blue");
  expect(started).toHaveLength(1);
  const picture = await run("screenshot", "page.png", "--page", open.result.page.id);
  expect(picture.exitCode).toBe(0);
  expect(readPixels(readFileSync(join(world.homeDir, "page.png"))).at(20, 20)).toBe("rgb(0,0,200)");
  expect(open.stdout + open.stderr + picture.stdout + picture.stderr).not.toContain(cdpToken);
  expect((await run("open", "not an address")).exitCode).toBe(2);

  const stop = await run("stop");
  expect(stop.result.stopped).toMatchObject([{ role: "browser", state: "exited" }]);
  // Whoever keeps the doors ends with the browser.
  await expect.poll(() => isThere(started[0] ?? 0), { timeout: 15_000 }).toBe(false);
  expect((await run("status")).result).toMatchObject({ status: { doors: null }, browser: null });
}, 110_000);
