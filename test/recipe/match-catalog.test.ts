import { describe, expect, it } from "vitest";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import type { InstallSpec } from "../../src/skill/skill.ts";
import { codesOf, emptyContext, installEntry, resolveOne, skillWith } from "./resolve-one.ts";

function answerOf(bin: string, ...install: InstallSpec[]): string {
  const { row } = resolveOne(skillWith([bin], install));
  const recipe = row.recipe === null ? "" : ` ${row.recipe.kind} ${row.recipe.package}`;
  return `${row.status}${recipe}`;
}

const goTask = "resolved go github.com/go-task/task/v3/cmd/task";
const onePassword = "https://cache.agilebits.com/dist/1P/op2/pkg/v2.32.1/op_linux_amd64_v2.32.1.zip";
const gogcli =
  "https://github.com/openclaw/gogcli/releases/download/v0.39.1/gogcli_0.39.1_linux_amd64.tar.gz";
const himalaya = "https://github.com/pimalaya/himalaya/releases/download/v1.2.0/himalaya.x86_64-linux.tgz";

const brew = (formula: string, bin: string) => installEntry("brew", { formula, bins: [bin] });

describe("names that mean another program in Debian", () => {
  it.each([
    // command, expected, the package that a look at file names alone would choose
    ["fd", "resolved apt fd-find", "fdclone"],
    ["bat", "resolved apt bat", "bacula-console-qt"],
    ["yarn", "resolved npm yarn", "cmdtest"],
    ["node", "resolved node node", "ax25-node"],
    ["convert", "resolved apt imagemagick", "graphicsmagick-imagemagick-compat"],
    ["docker", "resolved apt docker.io", "docker"],
    ["bw", "resolved npm @bitwarden/cli", "bundlewrap"],
    ["bird", "resolved npm @steipete/bird", "bird2"],
    ["pi", "resolved npm @mariozechner/pi-coding-agent", "pi"],
    ["uv", "resolved python uv", ""],
    ["summarize", "resolved npm @steipete/summarize", ""],
    ["say", "unresolved", "gnustep-gui-runtime"],
    ["memo", "unresolved", "memo"],
    ["rr", "resolved go github.com/johntheyoung/roadrunner/cmd/rr", "rr"],
    ["op", `resolved download ${onePassword}`, "op"],
    ["things", "unresolved", ""],
    ["gog", `resolved download ${gogcli}`, ""],
    ["go", "unresolved", "gccgo-go"],
    ["cargo", "unresolved", ""],
  ])("%s: %s", (bin, expected, trap) => {
    expect(answerOf(bin)).toBe(expected);
    if (trap !== "" && expected !== `resolved apt ${trap}`)
      expect(answerOf(bin)).not.toBe(`resolved apt ${trap}`);
  });

  it("links Debian's own names", () => {
    expect(resolveOne(skillWith(["bat"])).row.recipe).toEqual({
      kind: "apt",
      package: "bat",
      links: { bat: "/usr/bin/batcat" },
    });
    expect(resolveOne(skillWith(["fd"])).row.recipe).toMatchObject({ links: { fd: "/usr/bin/fdfind" } });
  });

  it("corrects Debian packages that do not exist or hold something else", () => {
    const apt = (name: string, bin: string) =>
      answerOf(bin, installEntry("apt", { packages: [name], bins: [bin] }));
    expect(apt("fd", "fd")).toBe("resolved apt fd-find");
    expect(apt("yarn", "yarn")).toBe("resolved npm yarn");
    expect(apt("cmdtest", "yarn")).toBe("resolved npm yarn");
    expect(apt("nodejs", "node")).toBe("resolved node node");
    expect(apt("docker-ce", "docker")).toBe("resolved apt docker.io");
    expect(apt("golang-go", "go")).toBe("unresolved");
  });

  it("sends compilers to the common image", () => {
    for (const bin of ["go", "cargo", "rustc", "gcc"]) {
      expect(resolveOne(skillWith([bin])).diagnostics[0]?.hint).toContain("--base common");
    }
    const below = new Map([["go", "common"]]);
    expect(resolveOne(skillWith(["go"]), { below }).row.status).toBe("present");
  });
});

describe("Homebrew formulas", () => {
  it.each([
    ["ripgrep", "rg", "resolved apt ripgrep"],
    ["fd", "fd", "resolved apt fd-find"],
    ["gemini-cli", "gemini", "resolved npm @google/gemini-cli"],
    ["bitwarden-cli", "bw", "resolved npm @bitwarden/cli"],
    ["python", "python3", "resolved apt python3"],
    ["node", "npx", "resolved node node"],
    ["openai-whisper", "whisper", "resolved python openai-whisper"],
    ["homebrew-ffmpeg/ffmpeg/ffmpeg", "ffmpeg", "resolved apt ffmpeg"],
    ["himalaya", "himalaya", `resolved download ${himalaya}`],
    ["steipete/tap/wacli", "wacli", "resolved go github.com/openclaw/wacli/cmd/wacli"],
  ])("%s gives %s: %s", (formula, bin, expected) => {
    expect(answerOf(bin, brew(formula, bin))).toBe(expected);
  });

  it("confirms a row, and says which entry did", () => {
    const { row } = resolveOne(skillWith(["rg"], [brew("ripgrep", "rg")]));
    expect(row.evidence).toMatchObject({ source: "catalog", place: { line: 9 } });
    expect(row.evidence?.detail).toContain("install.0");
  });

  it("puts a tap in front of a formula that stands beside it", () => {
    const entry = installEntry("brew", { formula: "go-task", tap: "go-task/tap", bins: ["task"] });
    expect(answerOf("task", entry)).toBe(goTask);
  });

  it("only proposes where the skill names another source than the catalog knows", () => {
    const { row, diagnostics } = resolveOne(skillWith(["jq"], [brew("someone/tap/other-jq", "jq")]));
    expect(row).toMatchObject({ status: "proposed", recipe: { kind: "apt", package: "jq" } });
    expect(row.reason).toContain("someone/tap/other-jq");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_PROPOSED"]);
    const accepted = resolveOne(skillWith(["jq"], [brew("someone/tap/other-jq", "jq")]), {
      accept: new Set(["jq"]),
    });
    expect(accepted.row.status).toBe("resolved");
  });
});

describe("one name, two well-known programs", () => {
  it("proposes the one that Debian has when nothing tells them apart", () => {
    expect(answerOf("task")).toBe("proposed apt taskwarrior");
    expect(answerOf("yq")).toBe("proposed apt yq");
  });

  it("follows what the skill names", () => {
    expect(answerOf("task", brew("task", "task"))).toBe("resolved apt taskwarrior");
    expect(answerOf("task", brew("go-task", "task"))).toBe(goTask);
    expect(answerOf("yq", brew("yq", "yq"))).toBe("resolved go github.com/mikefarah/yq/v4");
    expect(answerOf("yq", brew("python-yq", "yq"))).toBe("resolved apt yq");
    expect(answerOf("yq", installEntry("apt", { packages: ["yq"], bins: ["yq"] }))).toBe("resolved apt yq");
  });

  it("follows the skill's homepage where no install entry names anything", () => {
    const at = (homepage: string, ...install: InstallSpec[]) =>
      resolveOne(skillWith(["task"], install, { homepage })).row;
    expect(at("https://taskfile.dev/installation/")).toMatchObject({
      status: "resolved",
      recipe: { kind: "go", package: "github.com/go-task/task/v3/cmd/task" },
      evidence: { source: "catalog", detail: expect.stringContaining("homepage") },
    });
    expect(at("https://github.com/go-task/task").status).toBe("resolved");
    for (const other of ["https://taskfile.dev.example/", "https://example.org/?taskfile.dev", "taskfile"]) {
      expect(at(other).status).toBe("proposed");
    }
    expect(at("https://taskfile.dev", brew("task", "task")).recipe).toMatchObject({ package: "taskwarrior" });
  });
});

describe("two skills, one command, two programs", () => {
  const a = skillWith(["gh"], [installEntry("node", { packages: ["gh-lookalike@1.0.0"], bins: ["gh"] })], {
    name: "a",
  });
  const b = skillWith(["gh"], [], { name: "b" });

  it("takes the catalog's program for both, so that no skill replaces a well-known one for others", () => {
    const { resolutions, diagnostics } = resolveRequirements([a, b], emptyContext);
    expect(resolutions.map(({ recipe }) => recipe?.package)).toEqual(["gh", "gh"]);
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_CONFLICT"]);
    expect(diagnostics[0]?.place?.file).toBe("/skills/a/SKILL.md");
    expect(diagnostics[0]?.message).toContain("/skills/b/SKILL.md:1:1");
    expect(resolutions[0]?.reason).toContain("gh-lookalike@1.0.0");
    expect(resolveRequirements([b, a], emptyContext)).toMatchObject({ resolutions, diagnostics });
  });

  it("prefers Debian to npm, and a pinned package to one that is not, among equal evidence", () => {
    const apt = skillWith(["zzz"], [installEntry("apt", { packages: ["zzz"], bins: ["zzz"] })], {
      name: "x",
    });
    const loose = skillWith(["zzz"], [installEntry("node", { packages: ["zzz-cli"], bins: ["zzz"] })], {
      name: "v",
    });
    const pinned = skillWith(
      ["zzz"],
      [installEntry("node", { packages: ["zzz-tool@2.0.0"], bins: ["zzz"] })],
      { name: "w" },
    );
    const packages = (...skills: (typeof apt)[]) =>
      resolveRequirements(skills, emptyContext).resolutions.map(({ recipe }) => recipe?.package);
    expect(packages(loose, pinned)).toEqual(["zzz-tool", "zzz-tool"]);
    expect(packages(loose, pinned, apt)).toEqual(["zzz", "zzz", "zzz"]);
  });

  it("says nothing where both mean the same", () => {
    const fd = skillWith(["fd"], [installEntry("apt", { packages: ["fd-find"], bins: ["fd"] })], {
      name: "c",
    });
    const bare = skillWith(["fd"], [], { name: "d" });
    const { resolutions, diagnostics } = resolveRequirements([fd, bare], emptyContext);
    expect(resolutions[0]?.recipe).toEqual(resolutions[1]?.recipe);
    expect(diagnostics).toEqual([]);
  });
});

describe("a formula that lists no commands", () => {
  it("gives those that the catalog knows it by", () => {
    const formula = (name: string) => installEntry("brew", { formula: name });
    expect(resolveOne(skillWith(["task"], [formula("go-task")])).row.recipe).toMatchObject({
      kind: "go",
      package: "github.com/go-task/task/v3/cmd/task",
    });
    expect(resolveOne(skillWith(["task"], [formula("some-other")])).row.status).toBe("proposed");
  });
});

describe("a formula of a tap that nobody knows", () => {
  it("is not the program that only macOS has, though it is called like it", () => {
    const formula = installEntry("brew", { formula: "someone/tap/things", bins: ["things"] });
    const { row } = resolveOne(skillWith(["things"], [formula]));
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("Homebrew is no part of a sandbox image");
    expect(row.reason).not.toContain("macOS");
  });
});

describe("a command that is called like its package", () => {
  it.each([
    ["miller", "mlr"],
    ["taskwarrior", "task"],
    ["netlify-cli", "netlify or ntl"],
    ["kubernetes-cli", "kubectl"],
  ])("%s leads to %s", (name, bins) => {
    const { row, diagnostics } = resolveOne(skillWith([name]));
    expect(row.status).toBe("unresolved");
    expect(diagnostics[0]?.hint).toContain(`Did you mean ${bins}?`);
  });
});
