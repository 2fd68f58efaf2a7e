import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
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

describe("rendered folders are built unchanged, one on the other", () => {
  interface Rendered {
    readonly tag: string;
    readonly dir: string;
    readonly buildArgs: Readonly<Record<string, string>>;
  }

  async function render(prefix: string): Promise<readonly Rendered[]> {
    const chosen = ["find-files", "sqlite-notebook"].map((skill) => join(skills(), skill));
    const rendered = await run([
      ...["render", ...chosen, "--name", "two", "--output", join(dir(), prefix), "--json"],
      ...["--tag-prefix", prefix, "--base-image", inject("baseImage"), ...network()],
    ]);
    expect(rendered.exitCode, rendered.stderr).toBe(0);
    return JSON.parse(rendered.stdout).result.images;
  }

  /** Runs them all with the command line of a builder; gives what the last image says. */
  function buildAndAsk(images: readonly Rendered[], call: (...argv: string[]) => string, limits: string[]) {
    for (const { tag, dir: folder, buildArgs } of images) {
      const args = Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
      call("build", "--quiet", ...args, "--tag", tag, folder);
    }
    const last = images.at(-1)?.tag ?? "";
    const question = "id -un; fd --version; sqlite3 -version";
    return call("run", "--rm", "--network=none", ...limits, last, "sh", "-c", question);
  }

  const works = /^sandbox\nfdfind .*\n3\.\d+/;
  const program = (file: string, args: readonly string[], env: Record<string, string> = {}) => {
    const options = { encoding: "utf8", env: { ...process.env, ...env }, stdio: "pipe" } as const;
    return (...argv: string[]): string => execFileSync(file, [...args, ...argv], options);
  };

  test.each(["1", "0"])("by docker build, DOCKER_BUILDKIT=%s", async (buildkit) => {
    const images = await render(`${inject("tagPrefix")}cli${buildkit}`);
    // The package's own client: it has BuildKit built in, which the first one on PATH may lack.
    const docker = existsSync("/usr/bin/docker") ? "/usr/bin/docker" : "docker";
    expect(buildAndAsk(images, program(docker, [], { DOCKER_BUILDKIT: buildkit }), [])).toMatch(works);
  });

  const podman = "/usr/bin/podman";
  if (!existsSync(podman)) console.info(`${podman} is not there: rendered images are not built with it`);
  test.runIf(existsSync(podman))("by podman", async () => {
    const home = join(dir(), "podman");
    const call = program(podman, ["--root", join(home, "root"), "--runroot", join(home, "run")]);
    mkdirSync(home);
    try {
      const archive = join(home, "base.tar");
      execFileSync("docker", ["save", "--output", archive, inject("baseImage")]);
      call("load", "--quiet", "--input", archive);
      const images = await render("localhost/podman");
      // Podman's own limits are above what a confined machine may set.
      const limits = ["--ulimit", "nofile=1024:4096", "--ulimit", "nproc=4096:4096"];
      expect(buildAndAsk(images, call, limits)).toMatch(works);
    } finally {
      // Layers of overlay storage are mounted until podman itself lets go of them.
      call("rmi", "--all", "--force");
      rmSync(home, { recursive: true, force: true });
    }
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
