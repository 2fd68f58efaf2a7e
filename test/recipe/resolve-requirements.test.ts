import { describe, expect, it } from "vitest";
import type { RecipeKind } from "../../src/recipe/recipe.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { overlayOf } from "../support/overlay-of.ts";
import { plainSkill } from "../support/plain-skill.ts";
import { codesOf, emptyContext, installEntry, requires, resolveOne, skillWith } from "./resolve-one.ts";

describe("evidence, strongest first", () => {
  const npmEntry = installEntry("node", { packages: ["mcporter"], bins: ["mcporter"] });

  it("takes what the image below has, and names that image", () => {
    const { row } = resolveOne(skillWith(["mcporter"], [npmEntry]), {
      below: new Map([["mcporter", "common"]]),
    });
    expect(row).toMatchObject({ status: "present", recipe: null, evidence: { source: "image" } });
    expect(row.reason).toContain("common");
  });

  it("takes what every Debian image has", () => {
    for (const bin of ["ls", "tar", "date", "sed", "awk", "which", "bash", "sha256sum"]) {
      expect(resolveOne(skillWith([bin])).row).toMatchObject({
        status: "present",
        evidence: { source: "image" },
      });
    }
  });

  it("takes the overlay's word before the skill's own", () => {
    const overlay = overlayOf("{ bins: { mcporter: { kind: 'apt', package: 'mcporter-deb' } } }");
    const { row } = resolveOne(skillWith(["mcporter"], [npmEntry]), { overlay });
    expect(row).toMatchObject({
      status: "resolved",
      recipe: { kind: "apt", package: "mcporter-deb" },
      evidence: { source: "overlay", detail: 'bins.mcporter: apt "mcporter-deb"' },
    });
  });

  it("takes the skill's own install entry before the catalog, with its place", () => {
    const entry = installEntry("node", { packages: ["prettier@3.6.2"], bins: ["prettier"] });
    const { row, diagnostics } = resolveOne(skillWith(["prettier"], [entry]));
    expect(row).toMatchObject({
      status: "resolved",
      recipe: { kind: "npm", package: "prettier", version: "3.6.2" },
      evidence: { source: "install", place: { line: 9, column: 7 } },
    });
    expect(diagnostics).toEqual([]);
  });

  it("takes the catalog where the skill says nothing", () => {
    const { row, diagnostics } = resolveOne(skillWith(["ffmpeg"]));
    expect(row).toMatchObject({
      status: "resolved",
      recipe: { kind: "apt", package: "ffmpeg" },
      evidence: { source: "catalog" },
    });
    expect(diagnostics).toEqual([]);
  });

  it("proposes what only the Debian index knows, and takes it when accepted", () => {
    const debianIndex = {
      filesNamed: () => [
        { package: "zz-tool", path: "/usr/bin/zztool" },
        { package: "aa-tool", path: "/usr/sbin/zztool" },
      ],
      commandsOf: () => [],
    };
    const skill = skillWith(["zztool"]);
    const { row, diagnostics } = resolveOne(skill, { debianIndex });
    expect(row).toMatchObject({
      status: "proposed",
      recipe: { kind: "apt", package: "zz-tool" },
      evidence: { source: "index" },
    });
    expect(row.reason).toContain("(as do aa-tool)");
    expect(row.recipe).not.toHaveProperty("links");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_PROPOSED"]);
    expect(diagnostics[0]?.hint).toContain("--accept zztool");
    const accepted = resolveOne(skill, { debianIndex, accept: new Set(["zztool"]) });
    expect(accepted.row.status).toBe("resolved");
    expect(accepted.diagnostics).toEqual([]);
  });

  it("links what the index finds outside a plain user's PATH", () => {
    const filesNamed = () => [{ package: "tool", path: "/usr/sbin/zztool" }];
    const debianIndex = { filesNamed, commandsOf: () => [] };
    const { row } = resolveOne(skillWith(["zztool"]), { debianIndex });
    expect(row.recipe).toEqual({ kind: "apt", package: "tool", links: { zztool: "/usr/sbin/zztool" } });
  });

  it("lets the catalog's refusal stand against the index", () => {
    const filesNamed = () => [{ package: "gnustep-gui-runtime", path: "/usr/bin/say" }];
    const debianIndex = { filesNamed, commandsOf: () => [] };
    expect(resolveOne(skillWith(["say"]), { debianIndex }).row.status).toBe("unresolved");
  });
});

describe("one row for every required command", () => {
  it("sorts by skill, folder and command, whatever the order of the skills, and gives each once", () => {
    const one = skillWith(["jq", "curl", "jq"], [], { name: "b" });
    const two = plainSkill({ name: "a", requires: requires({ bins: ["jq"], anyBins: ["rg", "jq"] }) });
    const forth = resolveRequirements([one, two], emptyContext);
    const back = resolveRequirements([two, one], emptyContext);
    expect(forth).toEqual(back);
    expect(forth.resolutions.map(({ skill, bin }) => `${skill} ${bin}`)).toEqual([
      "a jq",
      "a rg",
      "b curl",
      "b jq",
    ]);
  });

  it("excludes the commands of invalid skills with the first problem", () => {
    const place = { file: "/skills/plain/SKILL.md", line: 3, column: 1 };
    const problem = {
      code: "SKILL_NAME_INVALID",
      severity: "error",
      message: "The head is a list.",
      hint: "",
      place,
    } as const;
    const { row, diagnostics } = resolveOne(
      skillWith(["jq"], [], { state: "invalid", diagnostics: [problem] }),
    );
    expect(row).toMatchObject({ status: "excluded", recipe: null });
    expect(row.reason).toContain("The head is a list.");
    expect(diagnostics).toEqual([]);
  });

  it("excludes the commands of skills for another system, and names it", () => {
    const { row, diagnostics } = resolveOne(skillWith(["things"], [], { os: ["darwin"] }));
    expect(row.status).toBe("excluded");
    expect(row.reason).toContain("darwin");
    expect(diagnostics).toEqual([]);
  });

  it("keeps skills that name linux among other systems", () => {
    expect(resolveOne(skillWith(["tmux"], [], { os: ["darwin", "linux"] })).row.status).toBe("resolved");
  });

  it("says where the SKILL.md asks for the command", () => {
    const place = { file: "/skills/plain/SKILL.md", line: 5, column: 12 };
    expect(resolveOne(skillWith(["jq"], [], { places: { "requires.bins.0": place } })).row.place).toEqual(
      place,
    );
    expect(resolveOne(skillWith(["jq"])).row.place).toEqual({
      file: "/skills/plain/SKILL.md",
      line: 1,
      column: 1,
    });
  });
});

describe("one of several commands", () => {
  const any = (anyBins: string[], bins: string[] = []) =>
    plainSkill({ requires: requires({ bins, anyBins }) });
  const statuses = (skill: ReturnType<typeof any>, context = emptyContext) =>
    Object.fromEntries(
      resolveRequirements([skill], context).resolutions.map(({ bin, status }) => [bin, status]),
    );

  it("takes the one that is there already", () => {
    const context = { ...emptyContext, below: new Map([["codex", "common"]]) };
    const { resolutions, diagnostics } = resolveRequirements([any(["tmux", "codex"])], context);
    expect(resolutions.map(({ bin, status }) => [bin, status])).toEqual([
      ["codex", "present"],
      ["tmux", "excluded"],
    ]);
    expect(resolutions[1]?.reason).toContain("codex");
    expect(diagnostics).toEqual([]);
  });

  it("takes the smallest, then the ecosystem that comes first, then what is named first", () => {
    expect(statuses(any(["gemini", "w3m", "uv"]))).toEqual({
      gemini: "excluded",
      w3m: "resolved",
      uv: "excluded",
    });
    // A tool from npm brings the Node runtime.
    expect(statuses(any(["gemini", "uv"]))).toEqual({ gemini: "excluded", uv: "resolved" });
    expect(statuses(any(["lynx", "w3m"]))).toEqual({ lynx: "resolved", w3m: "excluded" });
    expect(statuses(any(["node", "npx"]))).toEqual({ node: "resolved", npx: "excluded" });
  });

  it("takes the smallest of several npm trees", () => {
    expect(statuses(any(["codex", "prettier", "gemini"]))).toMatchObject({ prettier: "resolved" });
  });

  it("prefers a sure one to a proposal", () => {
    expect(statuses(any(["task", "calcurse"]))).toEqual({ task: "excluded", calcurse: "resolved" });
  });

  it("leaves all unresolved, each with its diagnostic, where none can be had", () => {
    const { resolutions, diagnostics } = resolveRequirements([any(["starlink", "twurl"])], emptyContext);
    expect(resolutions.map(({ status }) => status)).toEqual(["unresolved", "unresolved"]);
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_UNRESOLVED", "error RECIPE_UNRESOLVED"]);
  });

  it("counts a command that is required anyway once, as required", () => {
    expect(statuses(any(["jq", "rg"], ["jq"]))).toEqual({ jq: "resolved", rg: "resolved" });
  });
});

describe("ecosystems that are left out", () => {
  const disabledKinds = new Map<RecipeKind, string>([["python", "no Python package index can be reached"]]);

  it("falls back to weaker evidence", () => {
    const entry = installEntry("pip", { packages: ["yt-dlp"], bins: ["yt-dlp"] });
    expect(resolveOne(skillWith(["yt-dlp"], [entry])).row.recipe?.kind).toBe("python");
    const { row } = resolveOne(skillWith(["yt-dlp"], [entry]), { disabledKinds });
    expect(row).toMatchObject({ status: "resolved", recipe: { kind: "apt", package: "yt-dlp" } });
  });

  it("says why where nothing else is left", () => {
    const entry = installEntry("uv", { packages: ["nano-pdf"], bins: ["nano-pdf"] });
    const { row, diagnostics } = resolveOne(skillWith(["nano-pdf"], [entry]), { disabledKinds });
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("no Python package index can be reached");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_UNRESOLVED"]);
  });
});

describe("what nothing provides", () => {
  it("has a place, what was tried, a near name and what to write", () => {
    const place = { file: "/skills/plain/SKILL.md", line: 6, column: 15 };
    const { row, diagnostics } = resolveOne(
      skillWith(["ffmepg"], [], { places: { "requires.bins.0": place } }),
    );
    expect(row).toMatchObject({ status: "unresolved", recipe: null, evidence: null });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code: "RECIPE_UNRESOLVED", severity: "error", place });
    expect(diagnostics[0]?.message).toContain('"ffmepg"');
    expect(diagnostics[0]?.message).toContain("catalog");
    expect(diagnostics[0]?.hint).toContain("ffmpeg");
    expect(diagnostics[0]?.hint).toContain("--base-image");
  });

  it.each([
    ["ripgrep", "the package that is called ripgrep has rg"],
    ["tool.exe", "a program for Windows"],
    ["zzz", "no Debian package ships a command of this name"],
  ])("says more of %s where more is known", (bin, reason) => {
    const commandsOf = (name: string) => (name === "ripgrep" ? ["rg"] : []);
    const debianIndex = { filesNamed: () => [], commandsOf };
    const { row } = resolveOne(skillWith([bin]), { debianIndex });
    expect(row).toMatchObject({ status: "unresolved", reason: expect.stringContaining(reason) });
  });

  it("names each install entry that cannot be carried out", () => {
    const entries = [
      installEntry("brew", { formula: "someone/tap/zzz", bins: ["zzz"] }),
      { ...installEntry("brew", { declaredKind: "gem", packages: ["zzz"], bins: ["zzz"] }), kind: null },
      installEntry("download", { url: "https://example.org/zzz-windows-x64.zip", bins: ["zzz"] }),
    ];
    const { row } = resolveOne(skillWith(["zzz"], entries));
    for (const part of [
      "install.0",
      "Homebrew",
      "install.1",
      '"gem"',
      "https://example.org/zzz-windows-x64.zip is for Windows",
    ]) {
      expect(row.reason).toContain(part);
    }
  });

  it("says which entries of an unknown kind there are", () => {
    const entry = { ...installEntry("apt", { bins: ["zzz"] }), kind: null, declaredKind: "gem" };
    expect(resolveOne(skillWith(["zzz"], [entry])).row.reason).toContain('"gem"');
  });

  it("never guesses a package from an equal name in npm or PyPI", () => {
    // Both registries have packages of these names; nobody has said that they are what is meant.
    for (const bin of ["express", "requests", "lodash", "numpy", "chalk"]) {
      expect(resolveOne(skillWith([bin])).row).toMatchObject({ status: "unresolved", recipe: null });
    }
  });

  it("looks commands up without touching JavaScript's own names", () => {
    for (const bin of ["constructor", "toString", "hasOwnProperty", "valueOf"]) {
      expect(resolveOne(skillWith([bin])).row.status).toBe("unresolved");
    }
  });
});
