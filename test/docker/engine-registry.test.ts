import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { packContext } from "../../src/engine/build/pack-context.ts";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine, TransferProgress } from "../../src/engine/engine.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const registryProgram = "/usr/bin/docker-registry";
const password = "c4nary-s3cret";
// bcrypt of that password, the one form that the registry reads.
const passwordFile = "me:$2b$04$tuhp9vlu5qV0KA3xu37Zz.oD0U3l6rixeE/xn5EYsN7xxZwooFx9e\n";
const ignoreProgress = () => {};
const signal = AbortSignal.timeout(120_000);

let engine: Engine;
let folder: string;

beforeAll(async () => {
  engine = await connectTestEngine();
  folder = mkdtempSync(join(tmpdir(), "skillcrate-test-registry-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The engine as a user with these stored credentials has it. */
async function engineFor(auths: Readonly<Record<string, string>>): Promise<Engine> {
  const config = mkdtempSync(join(folder, "user-"));
  const entries = Object.entries(auths).map(([registry, secret]) => [
    registry,
    { auth: Buffer.from(`me:${secret}`).toString("base64") },
  ]);
  writeFileSync(join(config, "config.json"), JSON.stringify({ auths: Object.fromEntries(entries) }));
  return connectEngine({ env: { ...process.env, DOCKER_CONFIG: config }, homeDir: folder });
}

async function makeImage(reference: string): Promise<string> {
  const tar = await packContext([{ path: "file", mode: 0o644, content: Buffer.from(randomUUID()) }]);
  const id = await engine.images.importRoot(tar, [`LABEL ${testLabel}=${inject("testRun")}`]);
  await engine.images.tag(id, reference);
  return id;
}

if (!existsSync(registryProgram)) {
  console.info(`${registryProgram} is not there: pushing to a real registry is left out`);
}
describe.runIf(existsSync(registryProgram))("a registry with a password", () => {
  let address: string;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    stop = await startRegistry(port);
  });

  afterAll(() => stop());

  test("push gives the digest that pull takes; both tell how far they are", async () => {
    const mine = await engineFor({ [address]: password });
    const reference = `${address}/team/pushed:1`;
    const id = await makeImage(reference);
    const told: TransferProgress[] = [];
    const digest = await mine.registry.push(reference, (progress) => told.push(progress), signal);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(told.length).toBeGreaterThan(0);
    for (const { bytes, totalBytes } of told) expect(bytes).toBeLessThanOrEqual(totalBytes);
    expect((await engine.images.inspect(reference))?.repoDigests).toEqual([
      `${address}/team/pushed@${digest}`,
    ]);

    await engine.images.remove(reference);
    expect(await engine.images.inspect(id)).toBeNull();
    await mine.registry.pull(`${address}/team/pushed@${digest}`, null, ignoreProgress, signal);
    expect((await engine.images.inspect(`${address}/team/pushed@${digest}`))?.id).toBe(id);
    await mine.registry.pull(reference, engine.info.platform, ignoreProgress, signal);
    expect((await engine.images.inspect(reference))?.id).toBe(id);
    await engine.images.remove(reference);
  });

  test("nobody, and somebody with another password, is denied", async () => {
    const reference = `${address}/team/denied:1`;
    await makeImage(reference);
    for (const user of [await engineFor({}), await engineFor({ [address]: "wrong" })]) {
      const denied = { code: "REGISTRY_DENIED", hint: `docker login ${address}` };
      await expect(user.registry.push(reference, ignoreProgress, signal)).rejects.toMatchObject(denied);
      await expect(user.registry.pull(reference, null, ignoreProgress, signal)).rejects.toMatchObject(denied);
    }
    await engine.images.remove(reference);
  });

  test("what is not there, here or there", async () => {
    const mine = await engineFor({ [address]: password });
    const missing = { code: "IMAGE_NOT_FOUND" };
    const reference = `${address}/team/nothing:1`;
    await expect(mine.registry.push(reference, ignoreProgress, signal)).rejects.toMatchObject(missing);
    await expect(mine.registry.pull(reference, null, ignoreProgress, signal)).rejects.toMatchObject(missing);
  });

  async function startRegistry(port: number): Promise<() => Promise<void>> {
    const place = mkdtempSync(join(folder, "registry-"));
    mkdirSync(join(place, "data"));
    writeFileSync(join(place, "htpasswd"), passwordFile);
    const config = {
      version: "0.1",
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(place, "data") } },
      http: { addr: `127.0.0.1:${port}` },
      auth: { htpasswd: { realm: "test", path: join(place, "htpasswd") } },
    };
    writeFileSync(join(place, "config.yml"), JSON.stringify(config));
    const server = execa(registryProgram, ["serve", join(place, "config.yml")], {
      reject: false,
      buffer: false,
    });
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null);
      if (answer?.status === 401) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return async () => {
      server.kill();
      await server;
    };
  }
});

describe("a registry that writes down what it is told", () => {
  let server: Server;
  let address: string;
  const told: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      told.push(`${request.method} ${request.url} ${request.headers.authorization ?? "nobody"}`);
      request.resume();
      // Whoever says who they are is refused for good: after another 401 the engine tries for a minute.
      const known = request.headers.authorization !== undefined;
      response.writeHead(known ? 403 : 401, { "www-authenticate": 'Basic realm="test"' });
      response.end(`{"errors":[{"code":"${known ? "DENIED" : "UNAUTHORIZED"}","message":"no"}]}`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => server.close());

  const secretOf = (secret: string) => Buffer.from(`me:${secret}`).toString("base64");

  async function talkTo(user: Engine): Promise<readonly string[]> {
    told.length = 0;
    const reference = `${address}/team/image:1`;
    await makeImage(reference);
    // An engine does not tell a private image from one that is not there.
    const denied = { code: expect.stringMatching(/^(REGISTRY_DENIED|IMAGE_NOT_FOUND)$/) };
    await expect(user.registry.pull(reference, null, ignoreProgress, signal)).rejects.toMatchObject(denied);
    await expect(user.registry.push(reference, ignoreProgress, signal)).rejects.toMatchObject(denied);
    await engine.images.remove(reference);
    expect(told.length).toBeGreaterThan(0);
    return told;
  }

  test("gets its own credentials", async () => {
    const seen = await talkTo(await engineFor({ [address]: password }));
    expect(seen.join("\n")).toContain(`Basic ${secretOf(password)}`);
  });

  test.each([
    ["another port", () => "127.0.0.1:1"],
    ["a name that begins like its own", () => `${address}1`],
    ["a name that ends like its own", () => `x${address}`],
    ["the same host without the port", () => "127.0.0.1"],
    ["the default registry", () => "https://index.example.corp/v1/"],
  ])("gets none of those for %s", async (_name, other) => {
    const seen = await talkTo(await engineFor({ [other()]: password }));
    expect(seen.join("\n")).not.toContain(secretOf(password));
    for (const line of seen) expect(line).toMatch(/ nobody$/);
  });

  test("gets none from a build that names it", async () => {
    told.length = 0;
    const user = await engineFor({ [address]: password, "127.0.0.1:1": password });
    for (const builder of ["buildkit", "classic"] as const) {
      const events = user.builds.build({
        context: [{ path: "Dockerfile", mode: 0o644, content: Buffer.from(`FROM ${address}/team/base:1\n`) }],
        buildArgs: {},
        platform: null,
        builder,
        cacheFrom: [],
        inlineCache: false,
        noCache: true,
        target: null,
        signal,
      });
      const build = async () => {
        for await (const _event of events) {
          // It cannot end well.
        }
      };
      await expect(build()).rejects.toMatchObject({ code: "BUILD_FAILED" });
    }
    expect(told.length).toBeGreaterThan(0);
    for (const line of told) expect(line).toMatch(/ nobody$/);
  });
});

test("a registry that cannot be reached, and a name that is none", async () => {
  const reference = `127.0.0.1:${await freePort()}/team/image:1`;
  await expect(engine.registry.pull(reference, null, ignoreProgress, signal)).rejects.toMatchObject({
    code: "REGISTRY_FAILED",
  });
  for (const name of ["Not A Name", "-v", `sha256:${"0".repeat(64)}`]) {
    const invalid = { code: "INPUT_INVALID" };
    await expect(engine.registry.pull(name, null, ignoreProgress, signal)).rejects.toMatchObject(invalid);
    await expect(engine.registry.push(name, ignoreProgress, signal)).rejects.toMatchObject(invalid);
  }
});

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
