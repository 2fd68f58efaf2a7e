import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { callCli } from "./call-cli.ts";

/**
 * Tag of the browser's image of this run, built and proven by the command line. The first file that asks has it built,
 * from the cache that all images of a run share; the others find it. `SKILLCRATE_TEST_BROWSER_IMAGE` names one to take
 * instead, for tries by hand.
 */
export async function obtainBrowserImage(): Promise<string> {
  const { DOCKER_HOST = "unix:///var/run/docker.sock", PATH } = process.env;
  const given = process.env["SKILLCRATE_TEST_BROWSER_IMAGE"];
  if (given !== undefined) return given;
  const homeDir = await mkdtemp(join(tmpdir(), "skillcrate-test-"));
  try {
    const where = ["--tag-prefix", `${inject("tagPrefix")}web`, "--base-image", inject("baseImage")];
    const argv = ["build", "--only", "base,browser", ...where, ...network(), "--json"];
    const { exitCode, stdout, stderr } = await callCli(argv, {
      env: { DOCKER_HOST, PATH },
      homeDir,
      cwd: homeDir,
    });
    if (exitCode !== 0) throw new Error(`the browser's image was not built: ${stdout}${stderr}`);
    const images: readonly { image: string; tag: string }[] = JSON.parse(stdout).result.images;
    return images.find(({ image }) => image === "browser")?.tag ?? "";
  } finally {
    await rm(homeDir, { recursive: true });
  }
}

/** The run's package cache, where it has one. */
function network(): readonly string[] {
  const proxy = inject("aptProxy");
  return proxy === "" ? [] : ["--http-proxy", proxy, "--no-proxy", new URL(proxy).hostname];
}
