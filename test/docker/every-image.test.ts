import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { type Ended, useBuiltCli } from "../e2e/built-cli.ts";
import { corpusDir } from "../support/corpus.ts";
import { connectTestEngine } from "../support/test-engine.ts";

const { run, dir, main } = useBuiltCli();
const all = ["--only", "base,common,browser,skills", "--name", "examples"];
const images = ["base", "browser", "common", "examples"];
let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

/** The network of the test run: one cache for Debian's and npm's packages. */
function network(): string[] {
  const host = new URL(inject("aptProxy")).hostname;
  return ["--http-proxy", inject("aptProxy"), "--no-proxy", host, "--npm-registry", inject("npmRegistry")];
}

function skills(): string {
  return join(main(), "../../../skills");
}

function build(argv: readonly string[], prefix: string, env: Record<string, string> = {}): Promise<Ended> {
  const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
  const where = ["--tag-prefix", prefix, "--base-image", inject("baseImage"), ...network()];
  return run(["build", ...argv, ...where, "--json"], { env: { DOCKER_HOST, ...env } });
}

describe.each([
  { builder: "BuildKit", prefix: `${inject("tagPrefix")}bk`, env: {} },
  { builder: "the classic builder", prefix: `${inject("tagPrefix")}classic`, env: { DOCKER_BUILDKIT: "0" } },
])("every image of the package, by $builder", ({ prefix, env }) => {
  test("is built and proven, and the next time there is nothing to do", async () => {
    const first = await build([skills(), ...all], prefix, env);
    const { outcome, result } = JSON.parse(first.stdout);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(outcome).toBe("ok");
    expect(result.images.map((image: { image: string }) => image.image).sort()).toEqual(images);
    for (const image of result.images) {
      expect(image).toMatchObject({ status: "built" });
      expect(image.binaries.length).toBeGreaterThan(3);
      expect((await engine.images.inspect(image.tag))?.id).toBe(image.id);
    }
    // Only what is for another system stays out.
    expect(result.leftOut.map((skill: { skill: string }) => skill.skill)).toEqual(["mac-shortcuts"]);
    const base = result.images.find((image: { image: string }) => image.image === "base");
    expect(base.sizeBytes).toBeLessThan(220e6);

    const second = JSON.parse((await build([skills(), ...all], prefix, env)).stdout);
    expect(second.result.images.map((image: { status: string }) => image.status)).toEqual(
      images.map(() => "current"),
    );
  });
});

const podman = "/usr/bin/podman";
if (!existsSync(podman)) console.info(`${podman} is not there: rendered images are not built with it`);
describe.runIf(existsSync(podman))("rendered folders", () => {
  const storage = () => ["--root", join(dir(), "podman/root"), "--runroot", join(dir(), "podman/run")];
  const runPodman = (...argv: string[]) =>
    execFileSync(podman, [...storage(), ...argv], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  afterAll(() => {
    // Layers of overlay storage are mounted until podman itself lets go of them.
    runPodman("rmi", "--all", "--force");
    rmSync(join(dir(), "podman"), { recursive: true, force: true });
  });

  test("are built unchanged by podman, one on the other, and their commands run", async () => {
    mkdirSync(join(dir(), "podman"));
    const archive = join(dir(), "podman/base.tar");
    execFileSync("docker", ["save", "--output", archive, inject("baseImage")]);
    runPodman("load", "--quiet", "--input", archive);
    const rendering = join(dir(), "rendered");
    const rendered = await run([
      ...["render", skills(), "--name", "examples", "--output", rendering, "--json"],
      ...["--base-image", inject("baseImage"), ...network()],
    ]);
    expect(rendered.exitCode, rendered.stderr).toBe(0);
    for (const { tag, dir: folder, buildArgs } of JSON.parse(rendered.stdout).result.images) {
      const args = Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
      runPodman("build", "--quiet", "--format", "docker", ...args, "--tag", tag, folder);
    }
    // Podman's own limits are above what a confined machine may set.
    const limits = ["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=4096:4096"];
    const inside = (command: string) =>
      runPodman(
        ...["run", "--rm", "--network=none", ...limits, "openclaw-sandbox-skills:examples"],
        ...["sh", "-c", command],
      );
    expect(inside("id -un; fd --version; prettier --version; csvcut --version; ffmpeg -version")).toMatch(
      /^sandbox\nfdfind .*\n3\..*\ncsvcut .*\nffmpeg version/,
    );
  });
});

const corpus = corpusDir();
if (corpus === null) console.info("the corpus of real skills is not there: its build is left out");
describe.runIf(corpus !== null)("the skills that ship with a gateway", () => {
  test("get all that Linux can have from Debian or npm, and a reason for each other one", async () => {
    const prefix = `${inject("tagPrefix")}bk`;
    const built = await build([join(corpus ?? "", "bundled"), "--name", "bundled"], prefix);
    const { outcome, diagnostics, result } = JSON.parse(built.stdout);
    expect(built.exitCode, built.stderr).toBe(0);
    expect(outcome).toBe("partial");
    const image = result.images.find((each: { image: string }) => each.image === "bundled");
    const names = image.binaries.map((binary: { name: string }) => binary.name);
    expect(names).toEqual(expect.arrayContaining(["bird", "gemini", "mcporter", "oracle", "tmux"]));
    for (const { skill, reasons } of result.leftOut) {
      expect(reasons.length, skill).toBeGreaterThan(0);
    }
    const unresolved = diagnostics.filter((each: { code: string }) => each.code === "RECIPE_UNRESOLVED");
    expect(unresolved.length).toBeGreaterThan(0);
    for (const { place } of unresolved) expect(place).toMatchObject({ line: expect.any(Number) });
  });
});
