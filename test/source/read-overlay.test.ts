import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseOverlay } from "../../src/source/parse-overlay.ts";
import { readOverlay } from "../../src/source/read-overlay.ts";
import { tempFolder } from "../support/temp-folder.ts";

const file = "/project/skillcrate.json5";

/** What is wrong with a text: `CODE line:column message`. */
function problemsOf(text: string): string[] {
  const { overlay, diagnostics } = parseOverlay(text, file);
  const problems = diagnostics.map(
    ({ code, place, message }) => `${code} ${place?.line}:${place?.column} ${message}`,
  );
  expect(overlay === null).toBe(diagnostics.some(({ severity }) => severity === "error"));
  return problems;
}

describe("an overlay", () => {
  test("is read whole, with the place of every part", () => {
    const { overlay, diagnostics } = parseOverlay(
      `// corrections
{
  $schema: "./schema.json",
  skills: {
    "notes-*": { requires: { anyBins: ["rg", "grep"] } },
    weather: {
      requires: { bins: ["jq"], python: ["yaml", { import: "docx", package: "python-docx", version: ">=1.1" }], node: ["sharp"] },
      install: [{ kind: "npm", package: "mcporter@0.7.3", bins: ["mcporter"], arch: "arm64" }],
      ignore: { bins: ["things"], python: ["AppKit"] },
    },
  },
  bins: {
    gog: { kind: "go", module: "example.org/gog@v1.2.3" },
    uv: [
      { kind: "download", url: "https://h.example/uv-x64.tar.gz", sha256: "${"a".repeat(64)}", files: { uv: "bin/uv" }, arch: "amd64" },
      { kind: "cargo", crate: "uv@1.2.3", features: ["self"], arch: "arm64" },
    ],
  },
  ecosystems: { deny: ["brew"] },
  scripts: { npm: ["sharp"] },
  network: { aptMirror: "http://mirror.corp/debian" },
  images: { mine: { skills: ["notes-*", "!notes-old"], from: "my/skills" }, all: { base: "common" } },
}`,
      file,
    );
    expect(diagnostics).toEqual([]);
    expect(overlay).toMatchObject({
      file,
      ecosystems: { allow: null, deny: ["brew"] },
      scripts: { npm: ["sharp"] },
      network: { aptMirror: "http://mirror.corp/debian", npmRegistry: null, snapshot: null },
      images: [
        {
          name: "all",
          skills: ["*"],
          base: "common",
          from: "/project/skills",
          place: { file, line: 22, column: 77 },
        },
        { name: "mine", skills: ["notes-*", "!notes-old"], base: "base", from: "/project/my/skills" },
      ],
    });
    const [weather, notes] = overlay?.skills ?? [];
    // Exact names come before patterns, wherever they stand.
    expect(weather).toMatchObject({
      pattern: "weather",
      place: { file, line: 6, column: 5 },
      requires: {
        bins: [{ name: "jq", place: { line: 7, column: 26 } }],
        python: [
          { name: "yaml", range: null, package: null },
          { name: "docx", range: ">=1.1", package: "python-docx" },
        ],
        node: [{ name: "sharp" }],
      },
      ignore: { bins: ["things"], python: ["AppKit"], node: [] },
    });
    expect(weather?.install).toEqual([
      {
        key: "skills.weather.install.0",
        platform: "linux/arm64",
        spec: {
          kind: "node",
          declaredKind: "npm",
          packages: ["mcporter@0.7.3"],
          bins: ["mcporter"],
          os: [],
          place: { file, line: 8, column: 17 },
        },
      },
    ]);
    expect(notes).toMatchObject({
      pattern: "notes-*",
      requires: { anyBins: [{ name: "rg" }, { name: "grep" }] },
    });
    expect(overlay?.bins["gog"]).toMatchObject([
      {
        key: "bins.gog",
        platform: null,
        spec: { kind: "go", module: "example.org/gog@v1.2.3", bins: ["gog"], place: { line: 13, column: 5 } },
      },
    ]);
    expect(overlay?.bins["uv"]).toMatchObject([
      { key: "bins.uv.0", platform: "linux/amd64", spec: { files: { uv: "bin/uv" }, bins: ["uv"] } },
      { key: "bins.uv.1", platform: "linux/arm64", spec: { packages: ["uv@1.2.3"], features: ["self"] } },
    ]);
  });

  test("may be empty", () => {
    expect(problemsOf("{}")).toEqual([]);
    expect(problemsOf("\ufeff{ /* nothing yet */ }")).toEqual([]);
  });

  test("is no JSON5: the place is told", () => {
    expect(problemsOf("{\n  bins: { jq: }\n}")).toEqual([
      `OVERLAY_SYNTAX 2:15 The overlay is not JSON5: invalid character '}' at 2:15.`,
    ]);
    expect(problemsOf("")).toHaveLength(1);
    expect(problemsOf(`${"[".repeat(200_000)}${"]".repeat(200_000)}`)).toEqual([
      "OVERLAY_SYNTAX 1:1 The overlay is nested too deeply to be read.",
    ]);
  });

  test.each([
    ["[]", "1:1 The overlay is not allowed: Invalid input: expected object, received array."],
    ["{\n skils: {} }", '2:2 "skils" is no key that belongs here.'],
    [
      "{ bins: { 'a;b': { kind: 'apt', package: 'jq' } } }",
      '1:11 "bins.a;b" is not allowed as a key: a command\'s bare name.',
    ],
    [
      "{ bins: { jq: { kind: 'apt' } } }",
      '1:15 "bins.jq", given as "{"kind":"apt"}", is not allowed: say what to install: package, or packages.',
    ],
    [
      "{ bins: { jq: { kind: 'apt', package: 'jq', version: '1' } } }",
      '1:45 "bins.jq.version" is no key that belongs here.',
    ],
    [
      "{ bins: { jq: [{ kind: 'snap' }] } }",
      `1:24 "bins.jq.0.kind", given as "snap", is not allowed: Invalid discriminator value.`,
    ],
    [
      "{ skills: { x: { requires: { python: ['a b'] } } } }",
      '1:39 "skills.x.requires.python.0", given as "a b", is not allowed: a Python module\'s name.',
    ],
    [
      "{ skills: { x: { requires: { python: [{ import: 'docx', pakage: 'y' }] } } } }",
      '1:57 "skills.x.requires.python.0.pakage" is no key that belongs here.',
    ],
    [
      "{ ecosystems: { allow: ['gem'] } }",
      '1:25 "ecosystems.allow.0", given as "gem", is not allowed: Invalid option',
    ],
    [
      "{ images: { base: {} } }",
      '1:13 "images.base" is not allowed as a key: lower-case letters, digits and dashes, and not base, browser or common.',
    ],
    [
      "{ bins: { x: { kind: 'download', url: 'https://h.example/x', sha256: 'ABC' } } }",
      '1:70 "bins.x.sha256", given as "ABC", is not allowed: 64 hexadecimal digits in lower case.',
    ],
  ])("with a mistake: %s", (text, problem) => {
    const [first, ...others] = problemsOf(text);
    expect(first).toContain(`OVERLAY_SHAPE ${problem}`);
    expect(others).toEqual([]);
  });

  test("names every mistake at once, and no password", () => {
    const problems = problemsOf("{ network: { aptMirror: ['http://u:secret@h/'], foo: 1 }, bins: 3 }");
    expect(problems).toHaveLength(3);
    expect(problems.join()).not.toContain("secret");
  });

  test("holds to the grammars of the ecosystems, like any skill", () => {
    for (const entry of [
      "{ kind: 'apt', package: 'bash-' }",
      "{ kind: 'npm', package: 'file:..' }",
      "{ kind: 'pip', package: '--index-url=http://h' }",
    ]) {
      expect(problemsOf(`{ bins: { x: ${entry} } }`).join()).toContain("RECIPE_PACKAGE_REFUSED 1:11");
    }
  });

  test("does not reach into JavaScript's own objects", () => {
    expect(problemsOf('{ "__proto__": { bins: {} } }').join()).toContain("SKILL_KEY_FORBIDDEN");
    expect(problemsOf("{ bins: { constructor: { kind: 'apt', package: 'x1' } } }").join()).toContain(
      "SKILL_KEY_FORBIDDEN",
    );
  });
});

describe("reading from the disk", () => {
  test("a file that is not there is a problem only where it was named", async () => {
    const missing = join(tempFolder(), "skillcrate.json5");
    expect(await readOverlay(missing, { required: false })).toEqual({ overlay: null, diagnostics: [] });
    const { diagnostics } = await readOverlay(missing, { required: true });
    expect(diagnostics.map(({ code }) => code)).toEqual(["OVERLAY_UNREADABLE"]);
  });

  test("a folder, a pipe and an endless file end at once", async () => {
    const dir = tempFolder();
    mkdirSync(join(dir, "folder"));
    execFileSync("mkfifo", [join(dir, "pipe")]);
    writeFileSync(join(dir, "large"), " ".repeat(4_000_001));
    for (const name of ["folder", "pipe", "large"]) {
      const { overlay, diagnostics } = await readOverlay(join(dir, name), { required: false });
      expect([overlay, diagnostics.map(({ code }) => code)]).toEqual([null, ["OVERLAY_UNREADABLE"]]);
    }
  });
});
