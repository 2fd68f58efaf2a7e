import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { useBuiltCli } from "../e2e/built-cli.ts";
import {
  createNamespaces,
  type InsideProcess,
  namespacesObstacle,
  type OwnNamespaces,
} from "../support/own-namespaces.ts";

const obstacle = namespacesObstacle("podman", "iptables", "setpriv");
if (obstacle !== null) console.info(`Left out: Podman as an engine (${obstacle})`);

describe.runIf(obstacle === null)("Podman as an engine", () => {
  const cli = useBuiltCli();
  let folder: string;
  let namespaces: OwnNamespaces;
  let client: Docker;
  let service: InsideProcess | null = null;

  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-podman-"));
    client = new Docker({ socketPath: join(folder, "podman.sock") });
    namespaces = await createNamespaces();
    mkdirSync(join(folder, "networks"));
  });
  afterEach(async () => {
    await service?.stop("SIGTERM");
    service = null;
  });
  afterAll(async () => {
    await namespaces?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** With storage, networks and firewall rules of its own: nothing of this machine's Podman is touched. */
  async function startService(limits: string, ...wrapper: readonly string[]): Promise<void> {
    const configuration = join(folder, "containers.conf");
    writeFileSync(configuration, `[containers]\n${limits}\n`);
    const storage = ["--root", join(folder, "root"), "--runroot", join(folder, "run")];
    const network = ["--network-config-dir", join(folder, "networks")];
    const serve = ["system", "service", "--time=0", `unix://${join(folder, "podman.sock")}`];
    const log = openSync(join(folder, "log"), "a");
    const command = [...wrapper, "podman", ...storage, ...network, ...serve];
    service = namespaces.spawn(command, log, { CONTAINERS_CONF: configuration });
    closeSync(log);
    while (!(await answers())) await delay(100);
  }

  async function answers(): Promise<boolean> {
    try {
      await client.ping();
      return true;
    } catch {
      // Not yet.
      return false;
    }
  }

  function run(...argv: readonly string[]) {
    const env = { DOCKER_HOST: `unix://${join(folder, "podman.sock")}` };
    return cli.run([...argv, "--json"], { env });
  }

  const here = () => ["--base-image", inject("baseImage"), "--http-proxy", inject("aptProxy")];

  test("builds, probes, labels and tags; then there is nothing to do; verifies; cleans", async () => {
    await startService('default_ulimits = ["nofile=1024:4096", "nproc=4096:4096"]');
    const loading = await client.loadImage(await new Docker().getImage(inject("baseImage")).get());
    await new Promise((resolve, reject) => loading.on("end", resolve).on("error", reject).resume());
    const skill = join(cli.dir(), "skills", "terminal");
    mkdirSync(skill, { recursive: true });
    const metadata = '{"openclaw": {"requires": {"bins": ["tmux", "jq"]}}}';
    writeFileSync(
      join(skill, "SKILL.md"),
      `---\nname: terminal\ndescription: d\nmetadata: ${metadata}\n---\n`,
    );
    const build = () => run("build", join(cli.dir(), "skills"), "--name", "mine", ...here());

    const first = await build();
    expect(first.exitCode, first.stdout).toBe(0);
    expect(JSON.parse(first.stdout).result.images).toMatchObject([
      { image: "base", status: "built" },
      { image: "mine", status: "built", binaries: [{ name: "jq" }, { name: "tmux" }] },
    ]);
    const second = await build();
    expect(second.exitCode, second.stdout).toBe(0);
    expect(JSON.parse(second.stdout).result.images).toMatchObject([
      { status: "current" },
      { status: "current" },
    ]);
    const verified = await run("verify", "openclaw-sandbox-skills:mine");
    expect(JSON.parse(verified.stdout).result).toMatchObject({ promisedBy: "labels", ok: true });
    const doctor = JSON.parse((await run("doctor", ...here())).stdout);
    expect(doctor.result.checks).toContainEqual(expect.objectContaining({ name: "mine", status: "ok" }));
    const cleaned = JSON.parse((await run("clean")).stdout);
    expect(cleaned).toMatchObject({ outcome: "ok", result: { kept: [] } });
    expect(cleaned.result.removed).toHaveLength(2);
    // Nothing is left but the base that was loaded.
    expect(await client.listContainers({ all: true })).toEqual([]);
    expect(await client.listImages({ all: true })).toHaveLength(1);
  });

  test("a service that may not set the limits it gives containers: the error says what to write where", async () => {
    await startService("", "setpriv", "--bounding-set", "-sys_resource", "prlimit", "--nofile=1024:4096");
    const failed = await run("build", "--only", "base", ...here());
    expect(failed.exitCode).toBe(1);
    expect(JSON.parse(failed.stdout).diagnostics).toMatchObject([
      { code: "BUILD_FAILED", hint: expect.stringContaining('default_ulimits = ["nofile=') },
    ]);
  });
});
