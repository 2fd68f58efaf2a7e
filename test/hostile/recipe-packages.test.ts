import { describe, expect, it } from "vitest";
import { apt } from "../../src/recipe/apt.ts";
import { cargo } from "../../src/recipe/cargo.ts";
import { go } from "../../src/recipe/go.ts";
import { npm } from "../../src/recipe/npm.ts";
import { python } from "../../src/recipe/python.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { parseSkill } from "../../src/skill/parse-skill.ts";
import type { InstallKind } from "../../src/skill/skill.ts";
import { codesOf, emptyContext, installEntry, skillWith } from "../recipe/resolve-one.ts";
import { hostileText } from "../support/hostile-text.ts";

const refusedByApt = [
  ...hostileText,
  " ",
  "bash-",
  "vim+",
  "-oDPkg::Pre-Invoke::=id",
  "--allow-unauthenticated",
  "./x.deb",
  "/tmp/x.deb",
  "../x.deb",
  "~/x.deb",
  "x=1",
  "x/testing",
  "lib.*",
  "^lib",
  "?installed",
  "lib[a-z]",
  "x:i386",
  "Curl",
  "+x",
  ".x",
  `${"x".repeat(129)}`,
];

const refusedByNpm = [
  ...hostileText,
  " ",
  "file:..",
  "file:///etc",
  "./x",
  "../x",
  "/x",
  "~/x",
  "git+ssh://h/x",
  "git://h/x",
  "https://h/x.tgz",
  "http://h/x.tgz",
  "github:user/x",
  "user/x",
  "user/x#main",
  "npm:evil@1",
  "x@npm:evil@1",
  "x@file:..",
  "x@https://h/x.tgz",
  "x@git+ssh://h/x",
  "x@user/repo",
  "x@1 || 2",
  "--registry=http://h",
  "-g",
  "x.tgz",
  "@scope/x.tar.gz",
  "x.tar@1.0.0",
  "@scope",
  "@/x",
  "@scope/x/y",
  "X",
  "_x",
  "x@",
  "x@>",
  "x@^^1",
  "x@=>1",
  "x@-1",
  "x@.1",
  `${"x".repeat(215)}`,
];

const refusedByPython = [
  ...hostileText,
  " ",
  "x.zip",
  "x-1.0-py3-none-any.whl",
  "x.tar.gz==1.0",
  "name @ https://h/x.whl",
  "name@https://h/x.whl",
  "git+https://h/x",
  "git+ssh://h/x#egg=x",
  "https://h/x.whl",
  "file:///x.whl",
  "./x",
  "../x",
  "/x/y.whl",
  "-r requirements.txt",
  "--index-url=http://h",
  "-e .",
  "x[a;b]",
  "x[a\nb]",
  "x==1; python_version<'3'",
  "x==1 --hash=sha256:0",
  "x>=",
  "x>=1<2",
  "x>=1,",
  "x=1",
  "x<>1",
  "x>=-1",
  `${"x".repeat(201)}`,
];

const refusedByGo = [
  ...hostileText,
  " ",
  "-toolexec=/bin/sh example.com/x",
  "-modfile=x",
  "./cmd/x",
  "../x",
  "/etc/x",
  "~/x",
  "main.go",
  "example.com/x/main.go",
  "example.com/...",
  "example.com/x/...@v1.0.0",
  "all",
  "std",
  "cmd/go",
  "mod@latest",
  "https://example.com/x",
  "example.com:8080/x",
  "git@example.com:x/y",
  "127.0.0.1/x",
  "169.254.169.254/latest",
  "[::1]/x",
  "localhost/x",
  "example.com/../../etc",
  "example.com/.git/x",
  "example.com/-x",
  "example.com//x",
  "example.com/x/",
  "example.com/x\\y",
  "Example.com/x",
  "example.com/x@",
  "example.com/x@-x",
  "example.com/x@>=v1.0.0",
  "example.com/x@v1.0.0@v2",
  "example.com/x@v1.0.0 example.com/y",
  `example.com/${"x".repeat(200)}`,
];

const refusedByCargo = [
  ...hostileText,
  " ",
  "--git=https://h/x",
  "--config=http://h",
  "--path=/etc",
  "-Z",
  "+nightly",
  "https://h/x",
  "git@h:x/y",
  "./x",
  "../x",
  "/x",
  "~/x",
  "user/x",
  "1x",
  "x.crate",
  "x@",
  "x@1.0.0 --root=/",
  "x@https://h",
  "x@1, <2",
  "x".repeat(65),
];

describe.each([
  ["apt", apt, refusedByApt],
  ["npm", npm, refusedByNpm],
  ["python", python, refusedByPython],
  ["go", go, refusedByGo],
  ["cargo", cargo, refusedByCargo],
] as const)("%s", (_, ecosystem, texts) => {
  it.each(texts)("refuses %j and says why", (text) => {
    const parsed = ecosystem.parsePackage(text);
    expect(parsed).toHaveProperty("refused");
    expect(parsed).toHaveProperty("expected");
  });
});

describe("what is taken", () => {
  it("takes Debian's names", () => {
    for (const name of ["jq", "fd-find", "g++", "libstdc++6", "python3.11", "0ad", "7zip", "node-ws"]) {
      expect(apt.parsePackage(name)).toEqual({ package: { name } });
    }
  });

  it("takes npm's names, versions, tags and ranges", () => {
    expect(npm.parsePackage("mcporter")).toEqual({ package: { name: "mcporter" } });
    expect(npm.parsePackage("@scope/name@1.2.3-rc.1")).toEqual({
      package: { name: "@scope/name", version: "1.2.3-rc.1" },
    });
    expect(npm.parsePackage("x@latest")).toEqual({ package: { name: "x" } });
    for (const range of ["next", "^1.2.0", "~1", "1", "1.2", "1.x", ">=2.0.0", "*"]) {
      expect(npm.parsePackage(`x@${range}`)).toEqual({ package: { name: "x", range } });
    }
  });

  it("takes Python's names, extras and versions", () => {
    expect(python.parsePackage("nano-pdf")).toEqual({ package: { name: "nano-pdf" } });
    expect(python.parsePackage("Name.x_y [a, b] == 1.2rc1")).toEqual({
      package: { name: "Name.x_y", version: "1.2rc1", extras: ["a", "b"] },
    });
    expect(python.parsePackage("x >= 1.0, < 2")).toEqual({ package: { name: "x", range: ">=1.0,<2" } });
  });
});

const refusedBy: readonly (readonly [InstallKind, readonly string[]])[] = [
  ["apt", refusedByApt],
  ["node", refusedByNpm],
  ["uv", refusedByPython],
  ["pip", refusedByPython],
  ["pipx", refusedByPython],
  ["python", refusedByPython],
  ["go", refusedByGo],
  ["cargo", refusedByCargo],
];

describe.each(refusedBy)("a skill with a %s entry", (kind, texts) => {
  it.each(texts)("for %j has no recipe at all", (text) => {
    const skill = skillWith(
      ["zzz", "ffmpeg"],
      [
        installEntry("apt", { packages: ["ffmpeg"], bins: ["ffmpeg"] }),
        installEntry(kind, { ...(kind === "go" ? { module: text } : { packages: [text] }), bins: ["zzz"] }),
      ],
    );
    const { resolutions, diagnostics } = resolveRequirements([skill], emptyContext);
    expect(resolutions.map(({ status, recipe }) => [status, recipe])).toEqual([
      ["excluded", null],
      ["excluded", null],
    ]);
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_PACKAGE_REFUSED"]);
    expect(diagnostics[0]?.place).toMatchObject({ line: 9, column: 7 });
    for (const { message, hint } of diagnostics) expect(`${message}${hint}`).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe("from SKILL.md to recipes", () => {
  const cases = refusedBy.flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const));

  it.each(cases)("%s %j never reaches a recipe", (kind, text) => {
    const install = [{ kind, [kind === "go" ? "module" : "package"]: text, bins: ["zzz"] }];
    const source = `---\nname: x\ndescription: x\nmetadata: ${JSON.stringify({ openclaw: { requires: { bins: ["zzz"] }, install } })}\n---\n`;
    const skill = parseSkill(source, { dir: "/skills/x", file: "/skills/x/SKILL.md" });
    const { resolutions, diagnostics } = resolveRequirements([skill], emptyContext);
    const shown = [...skill.diagnostics, ...diagnostics].filter(({ severity }) => severity !== "info");
    expect(shown.length).toBeGreaterThan(0);
    for (const { message, hint } of shown) expect(`${message}${hint}`).not.toMatch(/[\p{Cc}\u202e]/u);
    // The parser takes spaces around a name away; what is left is either a plain name or refused.
    for (const { recipe } of resolutions) {
      if (recipe !== null) expect(text.trim()).not.toBe(text);
      if (recipe !== null) expect(recipe.package).toMatch(/^[a-z0-9@][a-z0-9@/._-]*$/);
    }
  });

  it("takes no download from elsewhere than a project's own address, whatever stands beside it", () => {
    const install = [
      { kind: "go", module: "-toolexec=id", bins: ["zzz"] },
      { kind: "download", url: "file:///etc/passwd", bins: ["zzz"], targetDir: "../../.." },
      { kind: "download", url: "http://127.0.0.1/", bins: ["zzz"] },
    ];
    const source = `---\nname: x\ndescription: x\nmetadata: ${JSON.stringify({ openclaw: { requires: { bins: ["zzz"] }, install } })}\n---\n`;
    const skill = parseSkill(source, { dir: "/skills/x", file: "/skills/x/SKILL.md" });
    const { resolutions } = resolveRequirements([skill], emptyContext);
    expect(resolutions).toHaveLength(1);
    expect(resolutions[0]).toMatchObject({ recipe: null });
    expect(["unresolved", "excluded"]).toContain(resolutions[0]?.status);
  });
});
