import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { useBuiltCli } from "../e2e/built-cli.ts";
import { namespacesObstacle } from "../support/own-namespaces.ts";
import { createSecondDaemon, type SecondDaemon } from "../support/second-daemon.ts";

const obstacle = namespacesObstacle("dockerd", "iptables");
if (obstacle !== null)
  console.info(`Left out: a daemon that restarts in the middle of a build (${obstacle})`);

describe.runIf(obstacle === null)("a daemon that goes away in the middle of a build", () => {
  const { run } = useBuiltCli();
  let daemon: SecondDaemon;

  beforeAll(async () => {
    daemon = await createSecondDaemon();
    await daemon.start();
    await daemon.load(inject("baseImage"));
  });
  afterAll(async () => await daemon?.close());

  /** Which images there are beside the base that was loaded: tags, and labels of those without. */
  const images = async () =>
    (await daemon.client.listImages())
      .map(({ RepoTags, Labels }) => RepoTags?.[0] ?? Labels)
      .filter((name) => name !== inject("baseImage"));

  test.each([
    ["buildkit", "SIGTERM"],
    ["classic", "SIGKILL"],
    ["buildkit", "SIGKILL"],
    ["classic", "SIGTERM"],
  ] as const)("%s, %s: a typed error at once and no tag; the next run succeeds", async (builder, signal) => {
    const prefix = `restart-${randomInt(2 ** 40)}`;
    const tag = `${prefix}-sandbox:bookworm-slim`;
    const argv = ["build", "--only", "base", "--tag-prefix", prefix, "--base-image", inject("baseImage")];
    argv.push("--http-proxy", inject("aptProxy"), "--json");
    const env = { DOCKER_HOST: daemon.host, ...(builder === "classic" ? { DOCKER_BUILDKIT: "0" } : {}) };
    const before = await images();

    let stopped: Promise<void> | null = null;
    let downAtMs = 0;
    const broken = await run([...argv, "--events", "--no-cache"], {
      env,
      whileRunning: (child) => {
        child.stderr?.on("data", (text: string) => {
          if (stopped !== null || !/"step-log".*(Unpacking|Setting up)/.test(text)) return;
          stopped = daemon.stop(signal).then(() => {
            downAtMs = performance.now();
          });
        });
      },
    });
    const endedAtMs = performance.now();
    await stopped;
    expect(stopped).not.toBeNull();
    expect(endedAtMs - downAtMs).toBeLessThan(30_000);
    const { outcome, diagnostics, result } = JSON.parse(broken.stdout);
    expect([broken.exitCode, outcome]).toEqual([69, "failed"]);
    expect(diagnostics).toMatchObject([
      { code: "ENGINE_DOWN", hint: expect.stringContaining("start docker") },
    ]);
    expect(result.images).toMatchObject([{ tag, status: "failed", code: "ENGINE_DOWN" }]);

    await daemon.start();
    expect(await images()).not.toContain(tag);
    const next = await run(argv, { env });
    expect(next.exitCode, next.stderr).toBe(0);
    expect(JSON.parse(next.stdout).result.images).toMatchObject([{ tag, status: "built" }]);
    expect(await images()).toEqual(expect.arrayContaining([tag]));
    expect((await images()).length).toBe(before.length + 1);
    expect(await daemon.client.listContainers({ all: true })).toEqual([]);
    const again = await run(argv, { env });
    expect(JSON.parse(again.stdout).result.images).toMatchObject([{ tag, status: "current" }]);
  });
});
