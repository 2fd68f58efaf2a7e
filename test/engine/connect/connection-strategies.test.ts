import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  connectionStrategies,
  dockerContext,
  dockerHost,
} from "../../../src/engine/connect/connection-strategies.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const home = "/home/someone";

describe("DOCKER_HOST", () => {
  const propose = (env: Record<string, string>) => dockerHost.propose({ env, homeDir: home });

  test.each([{}, { DOCKER_HOST: "" }])("is absent where it is not set: %j", async (env) => {
    expect(await propose(env)).toMatchObject({ kind: "absent", reason: "not set" });
  });

  test("unix", async () => {
    expect(await propose({ DOCKER_HOST: "unix:///run/my engine.sock" })).toEqual({
      kind: "endpoint",
      name: "DOCKER_HOST",
      endpoint: { kind: "unix", path: "/run/my engine.sock" },
      chosen: true,
    });
  });

  test.each([
    [{ DOCKER_HOST: "tcp://10.0.0.1:1234" }, "10.0.0.1", 1234, null],
    [{ DOCKER_HOST: "tcp://engine.corp" }, "engine.corp", 2375, null],
    [{ DOCKER_HOST: "tcp://[::1]:2375" }, "::1", 2375, null],
    [{ DOCKER_HOST: "tcp://engine.corp:2376" }, "engine.corp", 2376, `${home}/.docker`],
    [{ DOCKER_HOST: "tcp://engine.corp", DOCKER_TLS_VERIFY: "1" }, "engine.corp", 2376, `${home}/.docker`],
    [{ DOCKER_HOST: "tcp://engine.corp:99", DOCKER_CERT_PATH: "/certs" }, "engine.corp", 99, "/certs"],
    [
      { DOCKER_HOST: "tcp://engine.corp", DOCKER_TLS_VERIFY: "1", DOCKER_CONFIG: "/cfg" },
      "engine.corp",
      2376,
      "/cfg",
    ],
  ])("%j", async (env, host, port, certificates) => {
    expect(await propose(env)).toMatchObject({ endpoint: { kind: "tcp", host, port, certificates } });
  });

  test.each([
    ["ssh://me@engine.corp", "ssh:// is not spoken here", "ssh -nNT -L"],
    ["npipe:////./pipe/docker_engine", "neither unix:///path nor tcp://host:port", "DOCKER_HOST="],
    ["unix://relative.sock", "neither", "DOCKER_HOST="],
    ["tcp://engine.corp:0", "neither", "DOCKER_HOST="],
    ["tcp://engine.corp:70000", "neither", "DOCKER_HOST="],
    ["tcp://user@engine.corp", "neither", "DOCKER_HOST="],
    ["engine.corp:2375", "neither", "DOCKER_HOST="],
    ["unix\u001b[2J", "\\u001b[2J", "DOCKER_HOST="],
  ])("%j cannot be used, and says why", async (address, reason, hint) => {
    const proposal = await propose({ DOCKER_HOST: address });
    expect(proposal).toMatchObject({
      kind: "unusable",
      reason: expect.stringContaining(reason),
      hint: expect.stringContaining(hint),
    });
  });
});

describe("docker context", () => {
  function dockerFolder(contexts: Record<string, object>, config: object = {}): string {
    const homeDir = tempFolder();
    const folder = join(homeDir, ".docker");
    mkdirSync(folder);
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    for (const [name, meta] of Object.entries(contexts)) {
      const place = join(folder, "contexts", "meta", sha256(name));
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "meta.json"), JSON.stringify(meta));
    }
    return homeDir;
  }
  const sha256 = (name: string) => createHash("sha256").update(name).digest("hex");
  const rootless = { Name: "rootless", Endpoints: { docker: { Host: "unix:///run/user/7/docker.sock" } } };

  test("is absent where none is chosen, or the default one", async () => {
    const absent = { kind: "absent", reason: "none is chosen" };
    expect(await dockerContext.propose({ env: {}, homeDir: tempFolder() })).toMatchObject(absent);
    expect(await dockerContext.propose({ env: {}, homeDir: dockerFolder({}) })).toMatchObject(absent);
    const homeDir = dockerFolder({}, { currentContext: "default" });
    expect(await dockerContext.propose({ env: {}, homeDir })).toMatchObject(absent);
    const env = { DOCKER_CONTEXT: "default" };
    const chosen = dockerFolder({ rootless }, { currentContext: "rootless" });
    expect(await dockerContext.propose({ env, homeDir: chosen })).toMatchObject(absent);
  });

  test("takes the one that `docker context use` chose", async () => {
    const homeDir = dockerFolder({ rootless }, { currentContext: "rootless" });
    expect(await dockerContext.propose({ env: {}, homeDir })).toEqual({
      kind: "endpoint",
      name: 'docker context "rootless"',
      endpoint: { kind: "unix", path: "/run/user/7/docker.sock" },
      chosen: true,
    });
  });

  test("DOCKER_CONTEXT comes before it, DOCKER_CONFIG moves the folder", async () => {
    const remote = { Endpoints: { docker: { Host: "tcp://engine.corp:2376" } } };
    const homeDir = dockerFolder({ rootless, remote }, { currentContext: "rootless" });
    const folder = join(homeDir, ".docker");
    const certificates = join(folder, "contexts", "tls", sha256("remote"), "docker");
    mkdirSync(certificates, { recursive: true });
    const env = { DOCKER_CONTEXT: "remote", DOCKER_CONFIG: folder };
    expect(await dockerContext.propose({ env, homeDir: "/nowhere" })).toMatchObject({
      name: 'docker context "remote"',
      endpoint: { kind: "tcp", host: "engine.corp", port: 2376, certificates },
    });
  });

  test("a context that is not there, or does not verify certificates, cannot be used", async () => {
    const careless = { Endpoints: { docker: { Host: "tcp://h:1", SkipTLSVerify: true } } };
    const homeDir = dockerFolder({ careless }, { currentContext: "gone" });
    expect(await dockerContext.propose({ env: {}, homeDir })).toMatchObject({
      kind: "unusable",
      reason: "there is no such context",
    });
    const env = { DOCKER_CONTEXT: "careless" };
    expect(await dockerContext.propose({ env, homeDir })).toMatchObject({
      kind: "unusable",
      reason: "it does not verify the engine's certificate",
    });
  });

  test.each(["{", "[]", '"text"', ""])("a config.json of %j is an error that names it", async (text) => {
    const homeDir = dockerFolder({});
    writeFileSync(join(homeDir, ".docker", "config.json"), text);
    await expect(dockerContext.propose({ env: {}, homeDir })).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining(join(homeDir, ".docker", "config.json")),
    });
  });
});

test("sockets: Docker's before those of what stands in for it", async () => {
  const host = { env: { XDG_RUNTIME_DIR: "/run/user/7" }, homeDir: home };
  const proposals = await Promise.all(
    connectionStrategies.slice(2).map((strategy) => strategy.propose(host)),
  );
  expect(proposals).toEqual(
    [
      "/var/run/docker.sock",
      "/run/user/7/docker.sock",
      `${home}/.docker/run/docker.sock`,
      `${home}/.docker/desktop/docker.sock`,
      `${home}/.orbstack/run/docker.sock`,
      `${home}/.colima/default/docker.sock`,
      `${home}/.rd/docker.sock`,
      "/run/user/7/podman/podman.sock",
      "/run/podman/podman.sock",
    ].map((path) => ({ kind: "endpoint", name: path, endpoint: { kind: "unix", path }, chosen: false })),
  );
});

test("without XDG_RUNTIME_DIR, a user's daemons are looked for where systemd puts them", async () => {
  const proposals = await Promise.all(
    connectionStrategies.map((s) => s.propose({ env: {}, homeDir: tempFolder() })),
  );
  const names = proposals.map(({ name }) => name);
  expect(names).toContain(`/run/user/${process.getuid?.()}/docker.sock`);
  expect(names).toContain(`/run/user/${process.getuid?.()}/podman/podman.sock`);
});
