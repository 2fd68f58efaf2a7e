import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useBuiltCli } from "./built-cli.ts";

const { run, dir, main } = useBuiltCli();

function writeSkill(path: string, head: string): string {
  const folder = join(dir(), path);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "SKILL.md"), `---\n${head}\n---\n\n# Skill\n`);
  return folder;
}

const jqSkill = (name: string) =>
  `name: ${name}\ndescription: Reads JSON.\nmetadata: {"openclaw": {"requires": {"bins": ["jq"]}}}`;

describe("scan", () => {
  test("one JSON document with a row for each SKILL.md, every promised key in it", async () => {
    const folder = writeSkill("scan/json-reader", jqSkill("json-reader"));
    writeSkill("scan/deeper/below/json-reader", jqSkill("json-reader"));
    const { exitCode, stdout } = await run(["scan", join(dir(), "scan"), "--json"]);
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ format: "skillcrate/scan@1", outcome: "ok", diagnostics: [] });
    expect(Object.keys(document)).toEqual(["format", "outcome", "diagnostics", "result"]);
    expect(document.result.skills).toHaveLength(2);
    const [, row] = document.result.skills;
    expect(row).toMatchObject({
      name: "json-reader",
      dir: folder,
      file: join(folder, "SKILL.md"),
      state: "ok",
      namespace: "openclaw",
      requires: { bins: ["jq"], anyBins: [], env: [], config: [] },
      install: [],
      os: [],
      always: false,
      primaryEnv: null,
      skillKey: "json-reader",
      diagnostics: [],
    });
  });

  test("an invalid skill is a row with a place, and no failure", async () => {
    const folder = writeSkill(
      "broken/one",
      'name: one\ndescription: "never closed\nmetadata: {"openclaw": {"requires": [}',
    );
    const { exitCode, stdout, stderr } = await run(["scan", folder, "--json"]);
    const [row] = JSON.parse(stdout).result.skills;
    expect(exitCode).toBe(0);
    expect(["invalid", "recovered"]).toContain(row.state);
    expect(row.diagnostics.length).toBeGreaterThan(0);
    for (const { code, severity, message, hint, place } of row.diagnostics) {
      expect([code, severity, message, hint].every((text) => typeof text === "string")).toBe(true);
      expect(place.file).toBe(join(folder, "SKILL.md"));
      expect(place.line).toBeGreaterThanOrEqual(1);
      expect(place.column).toBeGreaterThanOrEqual(1);
    }
    expect(stderr).toBe("");
  });

  test("without paths it takes ./skills, and says so where there is none", async () => {
    writeSkill("project/skills/json-reader", jqSkill("json-reader"));
    expect((await run(["scan"], { cwd: join(dir(), "project") })).exitCode).toBe(0);
    const { exitCode, stderr } = await run(["scan"], { cwd: join(dir(), "project", "skills") });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("./skills");
  });
});

describe("paths that give nothing end with 2, for every command that reads skills", () => {
  test.each(["scan", "plan", "render", "build", "why"])("%s", async (command) => {
    const empty = join(dir(), "empty");
    const bare = join(dir(), "bare");
    mkdirSync(empty, { recursive: true });
    mkdirSync(bare, { recursive: true });
    writeFileSync(join(bare, "README.md"), "no skill here");
    const extra = { render: ["--output", join(dir(), "never")], why: ["jq"] }[command] ?? [];
    for (const [path, code] of [
      [join(dir(), "not-there"), "SOURCE_MISSING"],
      [empty, "SOURCE_EMPTY"],
      [bare, "SOURCE_NO_SKILL"],
      ["", "SOURCE_MISSING"],
    ] as const) {
      const { exitCode, stdout } = await run([command, ...extra, path, "--json"]);
      const document = JSON.parse(stdout);
      expect(exitCode).toBe(2);
      expect(document).toMatchObject({ format: `skillcrate/${command}@1`, outcome: "refused", result: null });
      expect(document.diagnostics.map((diagnostic: { code: string }) => diagnostic.code)).toContain(code);
    }
  });

  test("also beside one that gives something", async () => {
    const folder = writeSkill("mixed/json-reader", jqSkill("json-reader"));
    expect((await run(["scan", folder, join(dir(), "not-there")])).exitCode).toBe(2);
  });
});

describe("what is foreign is printed escaped", () => {
  const hostile = "\\u001b[2J\\u202e\\u0007";
  const visible = /^[\u0020-\u007e\n…✓✗·›→│]*$/;

  test("names and values from a SKILL.md", async () => {
    const folder = writeSkill(
      "escape/x",
      `name: "x${hostile}"\ndescription: "d"\nmetadata: {"openclaw": {"requires": {"bins": ["a${hostile}"]}}}`,
    );
    for (const command of [["scan"], ["plan"], ["plan", "--json"], ["scan", "--json"]]) {
      const { stdout, stderr } = await run([...command, folder]);
      expect(stdout).toMatch(visible);
      expect(stderr).toMatch(visible);
    }
  });

  test("paths and arguments", async () => {
    const { stderr } = await run(["scan", "/nonexistent/\u001b[31m\u202e\nERROR"]);
    expect(stderr).toMatch(visible);
    const { stdout } = await run(["scan", writeSkill("esc\u001b[31m\u202e/x", jqSkill("x"))]);
    expect(stdout).toMatch(visible);
  });

  test("a pipe and NO_COLOR get no colours, FORCE_COLOR does", async () => {
    const folder = writeSkill("color/x", jqSkill("x"));
    expect((await run(["scan", folder])).stdout).not.toContain("\u001b");
    expect((await run(["scan", folder], { env: { FORCE_COLOR: "1" } })).stdout).toContain("\u001b[1m");
  });
});

describe("hostile paths work", () => {
  test.each(["with space", "quo'te", 'dou"ble', "co:lon", "com,ma", "new\nline", "検索", "-rf", "$(id)"])(
    "%j",
    async (name) => {
      const folder = writeSkill(join("paths", name, "x"), jqSkill("x"));
      const { exitCode, stdout } = await run(["scan", "--json", "--", name], { cwd: join(dir(), "paths") });
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout).result.skills[0].dir).toBe(folder);
    },
  );
});

describe("plan", () => {
  test("resolutions and images, with the skills that asked for each layer", async () => {
    const folder = writeSkill("plan/frames", jqSkill("frames").replace('"jq"', '"ffmpeg", "jq"'));
    const { exitCode, stdout } = await run(["plan", folder, "--name", "mine", "--json"]);
    const { format, outcome, result } = JSON.parse(stdout);
    expect({ exitCode, format, outcome }).toEqual({
      exitCode: 0,
      format: "skillcrate/plan@1",
      outcome: "ok",
    });
    const [ffmpeg, jq] = result.resolutions;
    expect(ffmpeg).toMatchObject({ skill: "frames", bin: "ffmpeg", status: "resolved", dir: folder });
    expect(ffmpeg.recipe).toMatchObject({ kind: "apt", package: "ffmpeg" });
    expect(ffmpeg.evidence).not.toBeNull();
    expect(jq).toMatchObject({ bin: "jq", status: "present" });
    expect(result.images.map((image: { name: string }) => image.name)).toEqual(["base", "mine"]);
    const mine = result.images[1];
    expect(mine.tag).toBe("openclaw-sandbox-skills:mine");
    expect(mine.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(mine.layers.map((layer: { skills: string[] }) => layer.skills)).toContainEqual(["frames"]);
    const [below] = result.images;
    expect(mine.size).toMatchObject({ estimated: false, unknown: [] });
    expect(mine.size.totalBytes).toBe(below.size.totalBytes + mine.size.installedBytes);
    expect(mine.size.skills).toMatchObject([{ skill: "frames", downloadBytes: mine.size.downloadBytes }]);
    const { stdout: text } = await run(["plan", folder, "--name", "mine"]);
    expect(text).toMatch(/[0-9]+ MB to download, [0-9]+ MB installed, [0-9]+ MB with what is below\n/);
  });

  test("with skills left out it is partial, and still ends with 0", async () => {
    const folder = writeSkill("plan-partial/x", jqSkill("x").replace('"jq"', '"no-such-binary-anywhere"'));
    const { exitCode, stdout } = await run(["plan", folder, "--json"]);
    const { outcome, result } = JSON.parse(stdout);
    expect({ exitCode, outcome }).toEqual({ exitCode: 0, outcome: "partial" });
    expect(result.resolutions).toMatchObject([
      { bin: "no-such-binary-anywhere", status: "unresolved", recipe: null },
    ]);
    expect(result.leftOut).toMatchObject([{ skill: "x", elsewhere: false }]);
  });

  test("the built-in images, under another prefix and for another platform", async () => {
    const argv = [
      "plan",
      "--only",
      "base,common,browser",
      "--tag-prefix",
      "moltbot",
      "--platform",
      "linux/arm64",
      "--json",
    ];
    const { exitCode, stdout } = await run(argv);
    const { images } = JSON.parse(stdout).result;
    expect(exitCode).toBe(0);
    expect(images.map((image: { tag: string }) => image.tag).sort()).toEqual([
      "moltbot-sandbox-browser:bookworm-slim",
      "moltbot-sandbox-common:bookworm-slim",
      "moltbot-sandbox:bookworm-slim",
    ]);
    expect(images.every((image: { platform: string }) => image.platform === "linux/arm64")).toBe(true);
  });

  test("paths that nothing would use are wrong usage", async () => {
    const folder = writeSkill("plan-useless/x", jqSkill("x"));
    expect((await run(["plan", folder, "--only", "base"])).exitCode).toBe(2);
  });
});

describe("render", () => {
  test("a folder with a Dockerfile for each image; again over it; not over a foreign folder", async () => {
    const folder = writeSkill("render/x", jqSkill("x").replace('"jq"', '"ffmpeg"'));
    const output = join(dir(), "rendered");
    const argv = ["render", folder, "--name", "mine", "--output", output];
    expect((await run(argv)).exitCode).toBe(0);
    expect(readdirSync(output).sort()).toEqual(["base", "mine", "skillcrate-render.json"]);
    const dockerfile = readFileSync(join(output, "mine", "Dockerfile"), "utf8");
    expect(dockerfile).toContain("ffmpeg");
    expect(dockerfile).not.toContain("--mount");
    expect((await run([...argv, "--rendering", "buildkit"])).exitCode).toBe(0);
    expect(readFileSync(join(output, "mine", "Dockerfile"), "utf8")).toContain("--mount=type=cache");
    const foreign = await run(["render", folder, "--output", folder, "--json"]);
    expect(foreign.exitCode).toBe(1);
    expect(JSON.parse(foreign.stdout)).toMatchObject({
      outcome: "failed",
      diagnostics: [{ code: "OUTPUT_FOREIGN" }],
    });
    expect(readdirSync(folder)).toEqual(["SKILL.md"]);
  });

  test("needs a folder to write into", async () => {
    const { exitCode, stderr } = await run(["render", writeSkill("render-no/x", jqSkill("x"))]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--output");
  });

  test("a network setting that is no URL is refused before anything is written", async () => {
    const folder = writeSkill("render-net/x", jqSkill("x"));
    const output = join(dir(), "never");
    const { exitCode, stderr } = await run([
      "render",
      folder,
      "--output",
      output,
      "--apt-mirror",
      "http://u:hunter2@h/'\n",
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("NETWORK_URL_INVALID");
    expect(stderr).not.toContain("hunter2");
    expect(readdirSync(dir())).not.toContain("never");
  });
});

describe("why", () => {
  test("from the skill's line to the layer and image", async () => {
    const folder = writeSkill("why/frames", jqSkill("frames").replace('"jq"', '"ffmpeg"'));
    const { exitCode, stdout } = await run(["why", "ffmpeg", folder, "--name", "mine", "--json"]);
    const [trace] = JSON.parse(stdout).result.traces;
    expect(exitCode).toBe(0);
    expect(trace).toMatchObject({
      requester: "frames",
      status: "resolved",
      recipe: { kind: "apt", package: "ffmpeg" },
    });
    expect(trace.place).toMatchObject({ file: join(folder, "SKILL.md"), line: 4 });
    expect(trace.layers).toMatchObject([{ image: "mine", tag: "openclaw-sandbox-skills:mine" }]);
  });

  test("what nobody asks for is bad input", async () => {
    const folder = writeSkill("why-not/x", jqSkill("x"));
    expect((await run(["why", "frobnicate", folder])).exitCode).toBe(2);
  });
});

describe("build refuses before it looks for an engine", () => {
  const unknown = (name: string) => jqSkill(name).replace('"jq"', '"no-such-binary-anywhere"');

  test("where nothing usable is left", async () => {
    const folder = writeSkill("refuse-all/x", unknown("x"));
    const { exitCode, stdout } = await run(["build", folder, "--name", "mine", "--json"]);
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(2);
    expect(document).toMatchObject({ format: "skillcrate/build@1", outcome: "refused", result: null });
    const codes = document.diagnostics.map((diagnostic: { code: string }) => diagnostic.code);
    expect(codes).toEqual(expect.arrayContaining(["RECIPE_UNRESOLVED", "BUILD_REFUSED"]));
  });

  test("under --strict where one would be left out, naming it", async () => {
    writeSkill("refuse-strict/good", jqSkill("good"));
    writeSkill("refuse-strict/bad", unknown("bad"));
    const { exitCode, stderr } = await run([
      "build",
      join(dir(), "refuse-strict"),
      "--name",
      "mine",
      "--strict",
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("BUILD_REFUSED");
    expect(stderr).toMatch(/→ bad: "no-such-binary-anywhere"/);
  });

  test("under --strict a skill for another system is no reason to refuse", async () => {
    writeSkill("strict-darwin/good", jqSkill("good"));
    writeSkill(
      "strict-darwin/mac",
      jqSkill("mac").replace('"openclaw": {', '"openclaw": {"os": ["darwin"], '),
    );
    const { exitCode } = await run(["build", join(dir(), "strict-darwin"), "--name", "mine", "--strict"]);
    expect(exitCode).toBe(69);
  });

  test.each(["base", "Upper", "a/b", "-x"])("the name %j", async (name) => {
    const folder = writeSkill("refuse-name/x", jqSkill("x"));
    expect((await run(["build", folder, `--name=${name}`])).exitCode).toBe(2);
  });
});

describe("without an engine", () => {
  test.each([
    ["verify", ["verify", "openclaw-sandbox:bookworm-slim"]],
    ["push", ["push", "openclaw-sandbox:bookworm-slim"]],
    ["clean", ["clean"]],
    ["doctor", ["doctor"]],
    ["setup", ["setup", "--only", "base"]],
    ["build", ["build", "--only", "base"]],
  ])("%s ends with 69 and says what to do", async (command, argv) => {
    const { exitCode, stdout } = await run([...argv, "--json"]);
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(69);
    expect(document).toMatchObject({ format: `skillcrate/${command}@1`, outcome: "failed" });
    expect(JSON.stringify(document)).toContain("DOCKER_HOST");
  });

  test("an image that cannot be one is refused before an engine is looked for", async () => {
    expect((await run(["verify", "-v"])).exitCode).toBe(2);
    expect((await run(["verify", "--", "--privileged"])).exitCode).toBe(2);
    expect((await run(["push", "Not An Image"])).exitCode).toBe(2);
  });
});

test("a reader that goes away is no failure and leaves no trace", async () => {
  for (let index = 0; index < 300; index += 1) writeSkill(`many/s${index}`, jqSkill(`s${index}`));
  const child = spawn("bash", [
    "-c",
    'set -o pipefail; node "$0" scan "$1" --json | head -c 10; echo " $?"',
    main(),
    join(dir(), "many"),
  ]);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  await new Promise((resolve) => child.on("close", resolve));
  expect(stderr).toBe("");
  expect(stdout).toMatch(/ 0\n$/);
});

test("no trace of the program's own is ever shown, but with SKILLCRATE_DEBUG", async () => {
  const argv = ["scan", "/nonexistent"];
  expect((await run(argv)).stderr).not.toMatch(/\n\s+at /);
  expect((await run(argv, { env: { SKILLCRATE_DEBUG: "1" } })).stderr).toMatch(/\n\s+at /);
});
