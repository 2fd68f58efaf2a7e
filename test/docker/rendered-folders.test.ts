import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { usePackageCli } from "./package-cli.ts";

const { run, dir, network, skills } = usePackageCli();

describe("rendered folders are built unchanged, one on the other", () => {
  interface Rendered {
    readonly tag: string;
    readonly dir: string;
    readonly buildArgs: readonly string[];
  }

  async function render(prefix: string): Promise<readonly Rendered[]> {
    const chosen = ["find-files", "sqlite-notebook"].map((skill) => skills(skill));
    const rendered = await run([
      ...["render", ...chosen, "--name", "two", "--output", join(dir(), prefix), "--json"],
      ...["--tag-prefix", prefix, "--base-image", inject("baseImage"), ...network()],
    ]);
    expect(rendered.exitCode, rendered.stderr).toBe(0);
    return JSON.parse(rendered.stdout).result.images;
  }

  /** What the rendered commands take from the environment. */
  function proxies(): Record<string, string> {
    const proxy = inject("aptProxy");
    const direct = new URL(proxy).hostname;
    return { HTTP_PROXY: proxy, http_proxy: proxy, NO_PROXY: direct, no_proxy: direct };
  }

  /** Runs them all with the command line of a builder; gives what the last image says. */
  function buildAndAsk(images: readonly Rendered[], call: (...argv: string[]) => string, limits: string[]) {
    for (const { tag, dir: folder, buildArgs } of images) {
      const args = buildArgs.flatMap((name) => ["--build-arg", name]);
      call("build", "--quiet", ...args, "--tag", tag, folder);
    }
    const last = images.at(-1)?.tag ?? "";
    const question = "id -un; fd --version; sqlite3 -version";
    return call("run", "--rm", "--network=none", ...limits, last, "sh", "-c", question);
  }

  const works = /^sandbox\nfdfind .*\n3\.\d+/;
  const program = (file: string, args: readonly string[], env: Record<string, string> = {}) => {
    const options = {
      encoding: "utf8",
      env: { ...process.env, ...proxies(), ...env },
      stdio: "pipe",
    } as const;
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
