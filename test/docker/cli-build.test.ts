import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { runLabel } from "../../src/engine/label/label-names.ts";
import { isDeadRun } from "../../src/engine/run-identity.ts";
import { type Ended, type RunSettings, useBuiltCli } from "../e2e/built-cli.ts";
import { connectTestEngine } from "../support/test-engine.ts";

const { run, dir } = useBuiltCli();
const prefix = `${inject("tagPrefix")}cli`;
const skillsTag = (name: string) => `${prefix}-sandbox-skills:${name}`;
let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

/** On the tests' own base and package cache, with state of its own. */
function runHere(argv: readonly string[], settings: RunSettings = {}): Promise<Ended> {
  const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
  return run(argv, { ...settings, env: { DOCKER_HOST, ...settings.env } });
}

function build(argv: readonly string[], settings: RunSettings = {}): Promise<Ended> {
  const here = [
    "--tag-prefix",
    prefix,
    "--base-image",
    inject("baseImage"),
    "--http-proxy",
    inject("aptProxy"),
  ];
  return runHere(["build", ...argv, ...here], settings);
}

function writeSkill(path: string, bins: string, install = "[]"): string {
  const folder = join(dir(), path);
  mkdirSync(folder, { recursive: true });
  const metadata = `{"openclaw": {"requires": {"bins": ${bins}}, "install": ${install}}}`;
  writeFileSync(
    join(folder, "SKILL.md"),
    `---\nname: ${path.split("/").at(-1)}\ndescription: d\nmetadata: ${metadata}\n---\n`,
  );
  return folder;
}

describe("from a folder of skills to a verified image", () => {
  test("builds, then finds nothing to do, then verifies; events, documents and tables say so", async () => {
    writeSkill("good/terminal", '["tmux", "jq"]');
    writeSkill("good/lost", '["no-such-binary-anywhere"]');
    const skills = join(dir(), "good");

    const first = await build([skills, "--name", "good", "--json", "--events"]);
    const document = JSON.parse(first.stdout);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(document).toMatchObject({ format: "skillcrate/build@1", outcome: "partial" });
    expect(document.result.images).toMatchObject([
      { image: "base", status: "built", tag: `${prefix}-sandbox:bookworm-slim` },
      { image: "good", status: "built", tag: skillsTag("good") },
    ]);
    expect(document.result.leftOut).toMatchObject([{ skill: "lost" }]);
    const names = document.result.images[1].binaries.map((binary: { name: string }) => binary.name);
    expect(names).toEqual(["jq", "tmux"]);
    const events = first.stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const types = new Set(events.map((event: { type: string }) => event.type));
    for (const type of ["image-started", "step-started", "step-done", "binary-probed", "image-built"]) {
      expect(types).toContain(type);
    }
    expect(events.some((event) => event.type === "step-started" && event.title === "apt tmux")).toBe(true);
    expect(await engine.images.inspect(skillsTag("good"))).toMatchObject({
      id: document.result.images[1].id,
    });

    const second = await build([skills, "--name", "good"]);
    expect(second.exitCode).toBe(0);
    expect(second.stdout.match(/up to date/g)).toHaveLength(2);
    expect(second.stdout).toMatch(/left out +why\nlost /);

    const verified = await runHere(["verify", skillsTag("good"), "--json"]);
    expect(verified.exitCode).toBe(0);
    expect(JSON.parse(verified.stdout).result).toMatchObject({ promisedBy: "labels", ok: true });
    const lacking = await runHere(["verify", skillsTag("good"), "--bin", "tmux,ffmpeg"]);
    expect(lacking.exitCode).toBe(1);
    expect(lacking.stdout).toMatch(/✗ +ffmpeg/);

    const tagsToClean = async (...words: string[]): Promise<string[]> => {
      const { stdout } = await runHere(["clean", "--dry-run", "--json", ...words]);
      return JSON.parse(stdout).result.removed.flatMap((image: { tags: string[] }) => image.tags);
    };
    expect(await tagsToClean("--tag-prefix", prefix)).toContain(skillsTag("good"));
    expect(await tagsToClean("--all-prefixes")).toContain(skillsTag("good"));
    expect(await tagsToClean()).not.toContain(skillsTag("good"));
    expect(await engine.images.inspect(skillsTag("good"))).not.toBeNull();
  });

  test("with --events alone stdout has events only, and the table goes to stderr", async () => {
    writeSkill("events/plain", '["jq"]');
    const { exitCode, stdout, stderr } = await build([join(dir(), "events"), "--name", "events", "--events"]);
    expect(exitCode, stderr).toBe(0);
    for (const line of stdout.trimEnd().split("\n")) expect(JSON.parse(line)).toHaveProperty("type");
    expect(stderr).toContain(skillsTag("events"));
  });
});

test("without paths the images of skillcrate.json5 are built, with its corrections", async () => {
  writeSkill("team/skills/terminal", '["tmux"]');
  writeSkill("team/skills/folders", '["tree", "no-such-binary-anywhere"]');
  const overlay = `{
    skills: { folders: { ignore: { bins: ["no-such-binary-anywhere"] } } },
    images: { terminals: { skills: ["term*"] }, others: { skills: ["*", "!term*"] } },
  }`;
  writeFileSync(join(dir(), "team", "skillcrate.json5"), overlay);
  const { exitCode, stdout, stderr } = await build(["--json"], { cwd: join(dir(), "team") });
  expect(exitCode, stderr).toBe(0);
  const { outcome, result } = JSON.parse(stdout);
  const bins = result.images
    .slice(1)
    .map(({ tag, binaries }: { tag: string; binaries: { name: string }[] }) => [
      tag,
      binaries.map(({ name }) => name),
    ]);
  expect(outcome).toBe("ok");
  expect(bins).toEqual([
    [skillsTag("others"), ["tree"]],
    [skillsTag("terminals"), ["tmux"]],
  ]);
  for (const name of ["others", "terminals"])
    expect(await engine.images.inspect(skillsTag(name))).not.toBeNull();
});

test("a failed build shows the skill's own line and the last lines of the log, and leaves no tag", async () => {
  const folder = writeSkill("broken/zork", '["zork"]');
  // Debian's list does not know it: a skill's word alone would not be taken, a person's is.
  const cwd = join(dir(), "broken");
  const overlay = '{ bins: { zork: { kind: "apt", package: "no-such-package-anywhere" } } }';
  writeFileSync(join(cwd, "skillcrate.json5"), overlay);
  const failed = await build([folder, "--name", "broken"], { cwd });
  expect(failed.exitCode).toBe(1);
  expect(failed.stderr).toContain("BUILD_FAILED");
  expect(failed.stderr).toMatch(/asked for at zork\/SKILL\.md:4:\d+\n +4 │ metadata: /);
  expect(failed.stderr).toContain("Unable to locate package no-such-package-anywhere");
  expect(failed.stdout).toMatch(/broken .* failed/);
  expect(await engine.images.inspect(skillsTag("broken"))).toBeNull();
  const { stdout } = await build([folder, "--name", "broken", "--json"], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({
    outcome: "failed",
    result: { images: [{}, { status: "failed" }] },
  });
});

test.each([
  ["buildkit", "1"],
  ["classic", "0"],
])("%s: Ctrl-C ends a build soon, with 130, no tag and no container", async (builder, buildKit) => {
  const folder = writeSkill(`stopped-${builder}/ink`, '["inkscape"]');
  const name = `stopped-${builder}`;
  let sentMs = 0;
  const { exitCode, stdout } = await build([folder, "--name", name, "--json", "--events"], {
    env: { DOCKER_BUILDKIT: buildKit },
    whileRunning: (child) => {
      child.stderr?.on("data", (text: string) => {
        if (sentMs > 0 || !text.includes('"title":"apt inkscape"')) return;
        sentMs = performance.now();
        child.kill("SIGINT");
      });
    },
  });
  expect(performance.now() - sentMs).toBeLessThan(5000);
  expect(exitCode).toBe(130);
  expect(JSON.parse(stdout).outcome).toBe("cancelled");
  expect(await engine.images.inspect(skillsTag(name))).toBeNull();
  const containers = await engine.containers.list(runLabel);
  expect(containers.filter(({ labels }) => isDeadRun(labels[runLabel] ?? ""))).toEqual([]);
});

test("set-up of one image prints what a gateway needs; doctor then finds it well", async () => {
  const here = [
    "--tag-prefix",
    prefix,
    "--base-image",
    inject("baseImage"),
    "--http-proxy",
    inject("aptProxy"),
  ];
  const set = await runHere(["setup", "--only", "base", "--json", ...here]);
  const { outcome, result } = JSON.parse(set.stdout);
  expect({ exitCode: set.exitCode, outcome }).toEqual({ exitCode: 0, outcome: "ok" });
  expect(result.gateway.config).toEqual({
    agents: {
      defaults: { sandbox: { mode: "non-main", docker: { image: `${prefix}-sandbox:bookworm-slim` } } },
    },
  });
  const { stdout } = await runHere(["doctor", "--json", ...here]);
  const { checks } = JSON.parse(stdout).result;
  expect(checks.find((check: { name: string }) => check.name === "engine")).toMatchObject({ status: "ok" });
  expect(checks.find((check: { name: string }) => check.name === "base")).toMatchObject({
    status: "ok",
    fix: null,
  });
  for (const { status, fix } of checks)
    expect(status === "ok" || fix !== null || status === "unknown").toBe(true);
});
