import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import { type ConnectionStrategy, dockerContext } from "../../src/engine/connect/connection-strategies.ts";
import { connectTo, startFakeEngine } from "../support/fake-engine.ts";
import { tempFolder } from "../support/temp-folder.ts";

const homeDir = "/nonexistent";

function at(path: string): ConnectionStrategy {
  return {
    name: path,
    propose: async () => ({ kind: "endpoint", name: path, endpoint: { kind: "unix", path }, chosen: false }),
  };
}

/** Lets `work` meet a socket or folder as a user who may not use it. */
async function asForbiddenUser<T>(forbidden: string, work: () => Promise<T>): Promise<T> {
  chmodSync(dirname(forbidden), 0o755);
  chmodSync(forbidden, 0o000);
  if (process.geteuid?.() !== 0) return work();
  // Root may use any socket, so this process is somebody else for a while; what it needs is loaded before.
  await Promise.all([import("docker-modem"), import("dockerode")]);
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test("a socket that this user may not use: denied, with what to do", async () => {
  const { socketPath } = await startFakeEngine({});
  const env = { DOCKER_HOST: `unix://${socketPath}` };
  await expect(asForbiddenUser(socketPath, () => connectEngine({ env, homeDir }))).rejects.toMatchObject({
    code: "ENGINE_DENIED",
    hint: expect.stringMatching(/usermod -aG docker[\s\S]*rootless/),
  });
});

test("a forbidden socket and a rootless engine: the rootless engine", async () => {
  const forbidden = await startFakeEngine({});
  const rootless = await startFakeEngine({});
  chmodSync(dirname(rootless.socketPath), 0o755);
  chmodSync(rootless.socketPath, 0o777);
  const strategies = [at(forbidden.socketPath), at(rootless.socketPath)];
  const engine = await asForbiddenUser(forbidden.socketPath, () =>
    connectEngine({ env: {}, homeDir, strategies }),
  );
  expect(engine.info.strategy).toBe(rootless.socketPath);
});

test("a docker configuration in somebody else's home chooses nothing, and is in nobody's way", async () => {
  const home = join(tempFolder(), "home");
  mkdirSync(join(home, ".docker"), { recursive: true });
  writeFileSync(join(home, ".docker", "config.json"), '{"currentContext":"theirs"}');
  const { socketPath } = await startFakeEngine({});
  chmodSync(dirname(socketPath), 0o755);
  chmodSync(socketPath, 0o777);
  const strategies = [dockerContext, at(socketPath)];
  const engine = await asForbiddenUser(home, () => connectEngine({ env: {}, homeDir: home, strategies }));
  expect(engine.info.strategy).toBe(socketPath);
});

test("a forbidden socket and nothing else: denied, not down", async () => {
  const { socketPath } = await startFakeEngine({});
  const strategies = [at(socketPath), at("/nonexistent/podman.sock")];
  const connecting = asForbiddenUser(socketPath, () => connectEngine({ env: {}, homeDir, strategies }));
  await expect(connecting).rejects.toMatchObject({
    code: "ENGINE_DENIED",
    message: [
      "an engine is there, but not for this user",
      `  ${socketPath}: this user may not use it`,
      "  /nonexistent/podman.sock: no such socket",
    ].join("\n"),
  });
});

test("what is no socket with an engine behind it: down", async () => {
  const folder = tempFolder();
  const plainFile = join(folder, "file.sock");
  writeFileSync(plainFile, "");
  const aFolder = join(folder, "folder.sock");
  mkdirSync(aFolder);
  for (const path of [join(folder, "missing.sock"), plainFile, aFolder, join(plainFile, "below.sock")]) {
    const env = { DOCKER_HOST: `unix://${path}` };
    await expect(connectEngine({ env, homeDir })).rejects.toMatchObject({
      code: "ENGINE_DOWN",
      message: expect.stringContaining("DOCKER_HOST"),
      hint: expect.stringContaining("systemctl start docker"),
    });
  }
});

test("a port that nothing listens on, a host that is not there: down", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  await new Promise((resolve) => server.close(resolve));
  for (const address of [`tcp://127.0.0.1:${port}`, "tcp://engine.invalid:2375"]) {
    await expect(connectEngine({ env: { DOCKER_HOST: address }, homeDir })).rejects.toMatchObject({
      code: "ENGINE_DOWN",
    });
  }
});

test("an engine that shuts down while a request waits: down, though its connection is still open", async () => {
  const fake = await startFakeEngine({
    "DELETE /images/team/image:1": () => rmSync(fake.socketPath),
  });
  const engine = await connectTo(fake, 800);
  await expect(engine.images.remove("team/image:1")).rejects.toMatchObject({
    code: "ENGINE_DOWN",
    message: 'cannot remove image "team/image:1": the engine at DOCKER_HOST went away in the middle',
  });
});

test("a path with spaces, colons and another script is a path like any other", async () => {
  const { socketPath } = await startFakeEngine({}, "ün:x y 引.sock");
  const engine = await connectEngine({ env: { DOCKER_HOST: `unix://${socketPath}` }, homeDir });
  expect(engine.info.version).toBe("99.0");
});
