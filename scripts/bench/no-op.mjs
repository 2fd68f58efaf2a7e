import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { docker, measureInTurns, run } from "./measure.mjs";

/** `build` of all four images with nothing to do, from an installed package, against a fully cached `docker build` of each. */
export async function benchNoOp({ root, report }) {
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  try {
    const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
    const tarball = packed.split("\n").at(-1);
    await run("npm", ["init", "-y"], { cwd: folder });
    await run("npm", ["install", "--ignore-scripts", join(folder, tarball)], { cwd: folder });
    const installed = join(folder, "node_modules/skillcrate");
    const cli = join(installed, "dist/cli/main.js");
    const skills = join(installed, "skills");
    const build = [cli, "build", skills, "--name", "examples", "--only", "base,common,browser,skills"];
    await run(process.execPath, build, { stderr: "inherit" });
    const rendered = join(folder, "rendered");
    const render = [cli, "render", skills, "--name", "examples", "--only", "base,common,browser,skills"];
    const { result } = JSON.parse(
      await run(process.execPath, [...render, "--rendering", "buildkit", "--output", rendered, "--json"]),
    );
    const once = (image) =>
      run(docker, ["build", "--quiet", image.dir], { env: { ...process.env, DOCKER_BUILDKIT: "1" } });
    // An image with an optional part cannot be built plainly where that part's index is out of reach.
    const tried = await Promise.all(
      result.images.map((image) =>
        once(image).then(
          () => image,
          () => null,
        ),
      ),
    );
    const buildable = tried.filter((image) => image !== null);
    const cached = async () => {
      for (const image of buildable) await once(image);
    };
    const medians = await measureInTurns(
      { "cached docker build": cached, build: () => run(process.execPath, build) },
      { rounds: 7 },
    );
    report(
      `build of ${result.images.length} with nothing to do / cached docker build of ${buildable.length}`,
      medians.build,
      medians["cached docker build"],
      "at most 0.6 s",
    );
    const plan = [cli, "plan", ...build.slice(2), "--json"];
    const planned = JSON.parse(await run(process.execPath, plan)).result.images;
    const check = await prepareCheck(installed, planned);
    const inside = await measureInTurns({ check }, { rounds: 15 });
    report(
      "plans against images inside a process (ms an image)",
      (inside.check * 1000) / planned.length,
      1,
      "at most 10 ms",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The engine asked whether its images are these plans', by a gateway that has both. */
async function prepareCheck(installed, plans) {
  const skillcrate = await import(pathToFileURL(join(installed, "dist/index.js")).href);
  const engine = await skillcrate.connectEngine({ env: process.env, homeDir: homedir() });
  const settings = {
    ...skillcrate.defaultBuildSettings,
    render: () => {
      throw new Error("there is something to build");
    },
    network: {},
    signal: new AbortController().signal,
    storeFacts: async () => {},
  };
  return async () => {
    const outcomes = await skillcrate.buildImages(engine, plans, settings).outcomes;
    const stale = outcomes.filter(({ status }) => status !== "current").map(({ name }) => name);
    if (stale.length > 0) throw new Error(`not up to date: ${stale.join(", ")}`);
  };
}
