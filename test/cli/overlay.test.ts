import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { overlayTemplate } from "../../src/source/overlay-template.ts";
import { parseOverlay } from "../../src/source/parse-overlay.ts";
import { readNetworkSettings } from "../../src/source/read-network-settings.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A folder with skills that require these commands, and an overlay. */
function projectWith(skills: Readonly<Record<string, readonly string[]>>, overlay?: string): string {
  const dir = tempFolder();
  for (const [name, bins] of Object.entries(skills)) {
    mkdirSync(join(dir, "skills", name), { recursive: true });
    const metadata = JSON.stringify({ openclaw: { requires: { bins } } });
    const head = `---\nname: ${name}\ndescription: Does ${name}.\nmetadata: ${metadata}\n---\n`;
    writeFileSync(join(dir, "skills", name, "SKILL.md"), head);
  }
  if (overlay !== undefined) writeFileSync(join(dir, "skillcrate.json5"), overlay);
  return dir;
}

async function call(cwd: string, ...argv: string[]) {
  const ended = await callCli([...argv, "--json"], { cwd, homeDir: cwd, env: {} });
  return { exitCode: ended.exitCode, ...JSON.parse(ended.stdout) };
}

interface Row {
  readonly image: string;
  readonly skill: string;
  readonly bin: string;
  readonly status: string;
}

const shown = (rows: readonly Row[]) =>
  rows.map(({ image, skill, bin, status }) => `${image} ${skill} ${bin} ${status}`);

const images = `{ images: {
  office: { skills: ["n*", "!notes-old", "zzz-*"] },
  coding: { skills: ["code"], base: "common" },
} }`;

describe("images of the overlay", () => {
  const skills = { notes: ["tmux"], "notes-old": ["ffmpeg"], code: ["go", "ffmpeg"] };

  test("are what is planned where no paths are given, each with its own skills and base", async () => {
    const dir = projectWith(skills, images);
    const { exitCode, result, diagnostics } = await call(dir, "plan");
    expect(exitCode).toBe(0);
    expect(shown(result.resolutions)).toEqual([
      "coding code ffmpeg resolved",
      "coding code go present",
      "office notes tmux resolved",
    ]);
    expect(
      result.images.map(({ name, below }: { name: string; below: { name?: string } }) => [name, below.name]),
    ).toEqual([
      ["base", undefined],
      ["common", "base"],
      ["coding", "common"],
      ["office", "base"],
    ]);
    expect(diagnostics).toMatchObject([
      {
        code: "OVERLAY_UNUSED",
        severity: "warning",
        place: { file: join(dir, "skillcrate.json5"), line: 2 },
      },
    ]);
  });

  test("are chosen by name", async () => {
    const dir = projectWith(skills, images);
    const { result } = await call(dir, "plan", "--name", "office");
    expect(shown(result.resolutions)).toEqual(["office notes tmux resolved"]);
    const { exitCode, diagnostics } = await call(dir, "plan", "--name", "offise");
    expect(exitCode).toBe(2);
    expect(diagnostics[0].hint).toContain("coding office");
  });

  test("keep their layers apart where somebody asks why", async () => {
    const dir = projectWith(skills, "{ images: { all: {}, old: { skills: ['*old'] } } }");
    const { result } = await call(dir, "why", "ffmpeg");
    const traces = result.traces.map(({ requester, layers }: { requester: string; layers: Row[] }) => [
      requester,
      layers.map(({ image }) => image),
    ]);
    expect(traces).toEqual([
      // It needs a toolchain too, which is in neither image.
      ["code", []],
      ["notes-old", ["all"]],
      ["notes-old", ["old"]],
    ]);
  });

  test("do not count where paths are given", async () => {
    const dir = projectWith(skills, images);
    const { result } = await call(dir, "plan", join(dir, "skills", "notes-old"));
    expect(shown(result.resolutions)).toEqual(["notes-old notes-old ffmpeg resolved"]);
  });

  test("without skills refuse the build, before an engine is asked for", async () => {
    const dir = projectWith(skills, "{ images: { none: { skills: ['zzz'] }, all: {} } }");
    const { exitCode, diagnostics } = await call(dir, "build");
    expect(exitCode).toBe(2);
    expect(diagnostics.map(({ code }: { code: string }) => code)).toContain("BUILD_REFUSED");
  });

  test("whose folder is missing are told at their place", async () => {
    const dir = projectWith(skills, "{\n images: { x: { from: 'elsewhere' } } }");
    const { exitCode, diagnostics } = await call(dir, "plan");
    expect(exitCode).toBe(2);
    expect(diagnostics).toMatchObject([
      { code: "SOURCE_MISSING", place: { file: join(dir, "skillcrate.json5"), line: 2, column: 12 } },
    ]);
  });

  test("are as many as --cache-to can take", async () => {
    const dir = projectWith(skills, images);
    const { exitCode, diagnostics } = await call(dir, "build", "--cache-to", "localhost/x:y");
    expect([exitCode, diagnostics[0].code]).toEqual([2, "USAGE"]);
  });
});

describe("corrections", () => {
  test("reach the plan: skills that were left out are in, and what is ignored is not asked for", async () => {
    const dir = projectWith(
      { notes: ["zzz", "no-such"] },
      "{ bins: { zzz: { kind: 'apt', package: 'zzz-tools' } }, skills: { notes: { ignore: { bins: ['no-such'] } } } }",
    );
    const { result } = await call(dir, "plan");
    expect(result.leftOut).toEqual([]);
    expect(shown(result.resolutions)).toEqual(["skills notes no-such excluded", "skills notes zzz resolved"]);
    const image = result.images.find(({ name }: { name: string }) => name === "skills");
    expect(image.promises.map(({ name }: { name: string }) => name)).toEqual(["zzz"]);
  });

  test("are read from where --config says", async () => {
    const dir = projectWith({ notes: ["zzz"] });
    writeFileSync(join(dir, "other.json5"), "{ bins: { zzz: { kind: 'apt', package: 'zzz-tools' } } }");
    const { result } = await call(dir, "plan", "--config", "other.json5");
    expect(result.resolutions).toMatchObject([{ status: "resolved", evidence: { source: "overlay" } }]);
    const missing = await call(dir, "plan", "--config", "missing.json5");
    expect(missing.exitCode).toBe(2);
    expect(missing.diagnostics).toMatchObject([{ code: "OVERLAY_UNREADABLE" }]);
  });

  test("with a mistake stop every command that would use them", async () => {
    const dir = projectWith({ notes: ["tmux"] }, "{ skils: {} }");
    for (const command of ["plan", "build", "why tmux", "render --output out", "doctor", "setup"]) {
      const { exitCode, diagnostics } = await call(dir, ...command.split(" "));
      expect([command, exitCode, diagnostics.map(({ code }: { code: string }) => code)]).toEqual([
        command,
        2,
        ["OVERLAY_SHAPE"],
      ]);
    }
  });

  test("name mirrors, which options and environment come before", async () => {
    const overlay = "{ network: { npmRegistry: 'not an address' } }";
    const dir = projectWith({ notes: ["tmux"] }, overlay);
    const { exitCode, diagnostics } = await call(dir, "render", "--output", "out");
    expect(exitCode).toBe(2);
    expect(diagnostics).toMatchObject([{ code: "NETWORK_URL_INVALID" }]);
    const option = await call(dir, "render", "--output", "out", "--npm-registry", "https://npm.example/");
    expect(option.exitCode).toBe(0);
  });

  test("that fit no skill are told, unless somebody chose among the skills", async () => {
    const dir = projectWith({ notes: ["tmux"] }, "{ skills: { note: { ignore: { bins: ['tmux'] } } } }");
    const place = { file: join(dir, "skillcrate.json5"), line: 1, column: 13 };
    expect((await call(dir, "plan")).diagnostics).toMatchObject([{ code: "OVERLAY_UNUSED", place }]);
    expect((await call(dir, "plan", join(dir, "skills", "notes"))).diagnostics).toEqual([]);
  });

  test("deny ecosystems", async () => {
    const dir = projectWith({ notes: ["tmux"] }, "{ ecosystems: { deny: ['apt'] } }");
    const { result } = await call(dir, "plan");
    expect(result.resolutions).toMatchObject([{ bin: "tmux", status: "unresolved" }]);
    expect(result.leftOut[0].reasons.join()).toContain("the overlay denies the ecosystem apt");
  });
});

describe("init", () => {
  test("writes an overlay that has no effect, once", async () => {
    const dir = projectWith({ notes: ["tmux"] });
    const before = await call(dir, "plan");
    const { exitCode, result } = await call(dir, "init");
    expect([exitCode, result]).toEqual([0, { file: join(dir, "skillcrate.json5") }]);
    expect(await call(dir, "plan")).toEqual(before);
    writeFileSync(result.file, "{}");
    const again = await call(dir, "init");
    expect([again.exitCode, again.diagnostics[0].code]).toEqual([2, "OVERLAY_EXISTS"]);
    expect(readFileSync(result.file, "utf8")).toBe("{}");
  });

  test("every example of it is right once it is uncommented", async () => {
    const { overlay, diagnostics } = parseOverlay(
      overlayTemplate.replaceAll(/^( *)\/\/ ?/gm, "$1"),
      "/project/skillcrate.json5",
    );
    expect(diagnostics).toEqual([]);
    expect(overlay?.skills).toHaveLength(1);
    expect(Object.keys(overlay?.bins ?? {})).toHaveLength(5);
    expect(Object.values(overlay?.network ?? {})).not.toContain(null);
    expect((await readNetworkSettings({}, {}, overlay?.network)).diagnostics).toEqual([]);
    expect(overlay?.images).toHaveLength(2);
  });
});
