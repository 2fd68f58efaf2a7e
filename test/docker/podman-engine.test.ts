import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { useBuiltCli } from "../e2e/built-cli.ts";
import { createNamespaces, namespacesObstacle, type OwnNamespaces } from "../support/own-namespaces.ts";

const obstacle = namespacesObstacle("podman", "iptables", "prlimit");
if (obstacle !== null) console.info(`Left out: Podman as an engine (${obstacle})`);

describe.runIf(obstacle === null)("Podman as an engine", () => {
  const cli = useBuiltCli();
  let folder: string;
  let namespaces: OwnNamespaces;
  let client: Docker;

  /** With storage, networks and firewall rules of its own: nothing of this machine's Podman is touched. */
  beforeAll(async () => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-podman-"));
    client = new Docker({ socketPath: join(folder, "podman.sock") });
    namespaces = await createNamespaces();
    mkdirSync(join(folder, "networks"));
    // As where services are bounded: limits may be lowered, and not raised.
    const bounded = ["setpriv", "--bounding-set", "-sys_resource", "prlimit", "--nofile=8192:8192"];
    const storage = ["--root", join(folder, "root"), "--runroot", join(folder, "run")];
    const network = ["--network-config-dir", join(folder, "networks")];
    const serve = ["system", "service", "--time=0", `unix://${join(folder, "podman.sock")}`];
    const log = openSync(join(folder, "log"), "a");
    namespaces.spawn([...bounded, "podman", ...storage, ...network, ...serve], log);
    closeSync(log);
    while (!(await answers())) await delay(100);
    const loading = await client.loadImage(await new Docker().getImage(inject("baseImage")).get());
    await new Promise((resolve, reject) => loading.on("end", resolve).on("error", reject).resume());
  });
  afterAll(async () => {
    await namespaces?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function answers(): Promise<boolean> {
    try {
      await client.ping();
      return true;
    } catch {
      // Not yet.
      return false;
    }
  }

  async function run(...argv: readonly string[]) {
    const env = { DOCKER_HOST: `unix://${join(folder, "podman.sock")}` };
    const { exitCode, stdout } = await cli.run([...argv, "--json"], { env });
    const document = JSON.parse(stdout);
    expect(exitCode, stdout).toBe(0);
    return document.result;
  }

  test("builds, probes, labels and tags; then there is nothing to do; verifies; cleans", async () => {
    const skill = join(cli.dir(), "skills", "terminal");
    mkdirSync(skill, { recursive: true });
    const metadata = '{"openclaw": {"requires": {"bins": ["tmux", "jq"]}}}';
    writeFileSync(
      join(skill, "SKILL.md"),
      `---\nname: terminal\ndescription: d\nmetadata: ${metadata}\n---\n`,
    );
    const here = ["--base-image", inject("baseImage"), "--http-proxy", inject("aptProxy")];
    const build = ["build", join(cli.dir(), "skills"), "--name", "mine", ...here];

    expect((await run(...build)).images).toMatchObject([
      { image: "base", status: "built" },
      { image: "mine", status: "built", binaries: [{ name: "jq" }, { name: "tmux" }] },
    ]);
    expect((await run(...build)).images).toMatchObject([{ status: "current" }, { status: "current" }]);
    const verified = await run("verify", "openclaw-sandbox-skills:mine");
    expect(verified).toMatchObject({ promisedBy: "labels", ok: true });
    const { checks } = await run("doctor", ...here);
    expect(checks).toContainEqual(expect.objectContaining({ name: "mine", status: "ok" }));
    const { removed, kept } = await run("clean");
    expect([removed.length, kept]).toEqual([2, []]);
    // Nothing is left but the base that was loaded.
    expect(await client.listContainers({ all: true })).toEqual([]);
    expect(await client.listImages({ all: true })).toHaveLength(1);
  });
});
