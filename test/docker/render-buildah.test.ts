import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { renderImage } from "../../src/dockerfile/render-image.ts";
import { imageSpecSchema } from "../../src/plan/image-spec.ts";
import { planBuiltInImages } from "../../src/plan/plan-built-in-images.ts";

const buildah = "/usr/bin/buildah";

const spec = imageSpecSchema.parse({
  name: "small",
  tag: "sandbox-small:x",
  description: "",
  packages: { "fd-find": ["fd"] },
  links: { fd: "/usr/bin/fdfind" },
  user: { name: "sandbox", uid: 1000, gid: 1000, home: "/home/sandbox" },
  files: [{ source: "hello.sh", target: "/usr/local/bin/hello", mode: "0755" }],
  env: { HOME: "/home/sandbox", ODD: 'a "b" $HOME \\ c' },
  workdir: "/home/sandbox",
});
const contents = { "hello.sh": Buffer.from('#!/bin/sh\necho "hello $*"\n') };

if (!existsSync(buildah)) console.info(`${buildah} is not there: portable Dockerfiles are not built with it`);
describe.runIf(existsSync(buildah))("the portable rendering as a folder, with Buildah", () => {
  let folder: string;

  // Storage of its own: nothing of this machine's Buildah is touched.
  const run = (...args: string[]) =>
    execa(buildah, [
      "--storage-driver",
      "vfs",
      "--root",
      join(folder, "root"),
      "--runroot",
      join(folder, "run"),
      ...args,
    ]);

  beforeAll(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-buildah-"));
  });

  afterAll(async () => {
    await run("rm", "--all");
    rmSync(folder, { recursive: true, force: true });
  });

  test("builds unchanged, and works as its user", async () => {
    const base = { reference: inject("baseImage"), digest: null, imageId: null };
    const { plans } = planBuiltInImages({
      specs: [{ spec, contents }],
      tagPrefix: "",
      platform: "linux/amd64",
      base,
      aptEpoch: "1",
    });
    const [plan] = plans;
    if (plan === undefined) throw new Error("no plan");
    const { image } = renderImage(plan, { rendering: "portable", network: noNetworkSettings, contents });
    const context = join(folder, "context");
    for (const { path, mode, content } of image?.context ?? []) {
      mkdirSync(dirname(join(context, path)), { recursive: true });
      writeFileSync(join(context, path), content, { mode });
    }
    await run("pull", `docker-daemon:${base.reference}`);
    const proxy = `http_proxy=${inject("aptProxy")}`;
    await run("bud", "--isolation", "chroot", "--pull-never", "--build-arg", proxy, "-t", "small", context);
    const { stdout: container } = await run("from", "--pull-never", "small");
    const script = 'fd --version; hello "$ODD"; id -un; pwd; ls /var/lib/apt/lists';
    const { stdout } = await run("run", "--isolation", "chroot", container, "sh", "-c", script);
    expect(stdout.split("\n")).toEqual([
      expect.stringMatching(/^fdfind /),
      'hello a "b" $HOME \\ c',
      "sandbox",
      "/home/sandbox",
      "lock",
      "partial",
    ]);
  });
});
