import { describe, expect, it } from "vitest";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import { npmPins } from "../../src/recipe/npm-pins.ts";
import { pythonPins } from "../../src/recipe/python-pins.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import type { InstallKind } from "../../src/skill/skill.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";
import { codesOf, emptyContext, installEntry, resolveOne, skillWith } from "./resolve-one.ts";

describe("which entry counts for a command", () => {
  it("takes an entry that lists the command", () => {
    const entry = installEntry("apt", { packages: ["some-package"], bins: ["zzz"] });
    expect(resolveOne(skillWith(["zzz"], [entry])).row.recipe).toEqual({
      kind: "apt",
      package: "some-package",
    });
  });

  it("takes an entry without commands whose package has the command's name", () => {
    const npm = installEntry("node", { packages: ["@scope/zzz@1.0.0"] });
    expect(resolveOne(skillWith(["zzz"], [npm])).row.recipe).toMatchObject({
      kind: "npm",
      package: "@scope/zzz",
    });
  });

  it("takes an entry without commands whose package is known to give it", () => {
    const npm = installEntry("node", { packages: ["@salesforce/cli"] });
    expect(resolveOne(skillWith(["sf"], [npm])).row.evidence?.source).toBe("install");
    const apt = installEntry("apt", { packages: ["poppler-utils"] });
    expect(resolveOne(skillWith(["pdftotext"], [apt])).row.evidence?.source).toBe("install");
  });

  it("ignores an entry that lists other commands, or whose package says nothing of it", () => {
    const others = installEntry("node", { packages: ["zzz@1.0.0"], bins: ["yyy"] });
    expect(resolveOne(skillWith(["zzz"], [others])).row.status).toBe("unresolved");
    const library = installEntry("python", { packages: ["garminconnect"] });
    expect(resolveOne(skillWith(["zzz"], [library])).row.status).toBe("unresolved");
  });

  it("ignores entries for another system", () => {
    const entry = installEntry("node", { packages: ["zzz@1.0.0"], bins: ["zzz"], os: ["darwin"] });
    const { row, diagnostics } = resolveOne(skillWith(["zzz"], [entry]));
    expect(row.status).toBe("unresolved");
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_UNRESOLVED"]);
  });

  it("tells of entries that serve nothing, once, as information", () => {
    const entries = [
      installEntry("node", { packages: ["some-bot"], bins: ["some-bot"] }),
      installEntry("python", { packages: ["garminconnect"] }),
    ];
    const { row, diagnostics } = resolveOne(skillWith(["node"], entries));
    expect(row.status).toBe("resolved");
    expect(codesOf(diagnostics)).toEqual(["info RECIPE_INSTALL_UNUSED", "info RECIPE_INSTALL_UNUSED"]);
  });

  it("says nothing of alternatives that were not needed", () => {
    const entries = [
      installEntry("brew", { formula: "fd", bins: ["fd"] }),
      installEntry("apt", { packages: ["fd-find"], bins: ["fd"] }),
    ];
    expect(resolveOne(skillWith(["fd"], entries)).diagnostics).toEqual([]);
  });
});

describe("Debian packages", () => {
  it("adds the name that users expect where Debian ships another", () => {
    const entry = installEntry("apt", { packages: ["fd-find"], bins: ["fd"] });
    const { row } = resolveOne(skillWith(["fd"], [entry]));
    expect(row).toMatchObject({
      recipe: { kind: "apt", package: "fd-find", links: { fd: "/usr/bin/fdfind" } },
      evidence: { source: "install" },
    });
  });

  it("gives each command of an entry its own package", () => {
    const entry = installEntry("apt", { packages: ["vdirsyncer", "khal"], bins: ["vdirsyncer", "khal"] });
    const { resolutions } = resolveRequirements([skillWith(["vdirsyncer", "khal"], [entry])], emptyContext);
    expect(resolutions.map(({ recipe }) => recipe)).toEqual([
      { kind: "apt", package: "khal" },
      { kind: "apt", package: "vdirsyncer" },
    ]);
  });

  it("installs the entry's other packages with it", () => {
    const entry = installEntry("apt", {
      packages: ["tesseract-ocr", "tesseract-ocr-deu"],
      bins: ["tesseract"],
    });
    expect(resolveOne(skillWith(["tesseract"], [entry])).row.recipe).toEqual({
      kind: "apt",
      package: "tesseract-ocr",
      with: ["tesseract-ocr-deu"],
    });
  });

  it("are not taken where Debian has none of that name, real or provided", () => {
    const tables: Readonly<Record<string, string>> = {
      "packages-all": "there 1 10 1!\n",
      provides: "virtual there\n",
    };
    const known = debianPackages((name) => tables[name] ?? "", "linux/amd64");
    const resolve = (name: string) =>
      resolveOne(skillWith(["zzz"], [installEntry("apt", { packages: [name], bins: ["zzz"] })]), {
        debianPackages: known,
      }).row;
    expect([resolve("there").status, resolve("virtual").status]).toEqual(["resolved", "resolved"]);
    expect(resolve("nowhere")).toMatchObject({
      status: "unresolved",
      reason: expect.stringContaining("Debian bookworm has no package nowhere"),
    });
    const beside = installEntry("apt", { packages: ["there", "nowhere"], bins: ["zzz"] });
    expect(resolveOne(skillWith(["zzz"], [beside]), { debianPackages: known }).row.status).toBe("unresolved");
  });

  it("give GNU's tools under the names that Homebrew has for them", () => {
    const { row } = resolveOne(
      skillWith(["gdate"], [installEntry("brew", { formula: "coreutils", bins: ["gdate"] })]),
    );
    expect(row.recipe).toMatchObject({ kind: "apt", package: "coreutils", links: { gdate: "/bin/date" } });
  });

  it("comes first where a skill offers several ways", () => {
    const entries = [
      installEntry("node", { packages: ["zzz@1.0.0"], bins: ["zzz"] }),
      installEntry("apt", { packages: ["zzz"], bins: ["zzz"] }),
    ];
    expect(resolveOne(skillWith(["zzz"], entries)).row.recipe).toEqual({ kind: "apt", package: "zzz" });
  });
});

describe("npm packages", () => {
  const recipeOf = (text: string, bin: string) =>
    resolveOne(skillWith([bin], [installEntry("node", { packages: [text], bins: [bin] })]));

  it("pins what the pins know, also for the newest", () => {
    const version = npmPins.get("mcporter")?.version;
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    for (const text of ["mcporter", "mcporter@latest"]) {
      const { row, diagnostics } = recipeOf(text, "mcporter");
      expect(row.recipe).toMatchObject({ kind: "npm", package: "mcporter", version, bins: ["mcporter"] });
      expect(diagnostics).toEqual([]);
    }
  });

  it("keeps the skill's exact version", () => {
    expect(recipeOf("mcporter@0.7.3", "mcporter").row.recipe).toMatchObject({ version: "0.7.3" });
  });

  it("warns where nothing pins it", () => {
    for (const [suffix, range] of [
      ["", {}],
      ["@latest", {}],
      ["@next", { range: "next" }],
      ["@^1.2.0", { range: "^1.2.0" }],
    ]) {
      const { row, diagnostics } = recipeOf(`@someone/zzz${suffix}`, "zzz");
      expect(row.status).toBe("resolved");
      expect(row.recipe).toEqual({
        kind: "npm",
        package: "@someone/zzz",
        ...(range as object),
        bins: ["zzz"],
      });
      expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
      expect(diagnostics[0]?.place?.line).toBe(9);
    }
  });

  it("takes the pin where it fits the skill's range", () => {
    const version = npmPins.get("mcporter")?.version ?? "";
    for (const range of [`^${version}`, `>=${version}`, `${version.split(".")[0]}.x`, "*"]) {
      const { row, diagnostics } = recipeOf(`mcporter@${range}`, "mcporter");
      expect(row.recipe).toMatchObject({ version });
      expect(row.recipe).not.toHaveProperty("range");
      expect(diagnostics).toEqual([]);
    }
  });

  it("keeps to a range that the pin does not fit, with a warning", () => {
    const { row, diagnostics } = recipeOf("mcporter@^0.2.0", "mcporter");
    expect(row.recipe).toMatchObject({ package: "mcporter", range: "^0.2.0" });
    expect(row.recipe).not.toHaveProperty("version");
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
  });

  it("does not take a package that lacks the command", () => {
    const { row } = recipeOf("@salesforce/cli", "salesforce-command");
    expect(row.status).toBe("unresolved");
    expect(row.reason).toContain("sf");
  });

  it("does not take a package that the registry did not have, but for an exact version", () => {
    expect(recipeOf("railil", "railil").row.status).toBe("unresolved");
    expect(recipeOf("railil", "railil").row.reason).toMatch(/had no package railil .*\d{4}-\d\d-\d\d/);
    expect(recipeOf("railil@1.0.0", "railil").row.recipe).toMatchObject({ version: "1.0.0" });
  });

  it("takes the processor's own package where an install script would have fetched the program", () => {
    const skill = skillWith(
      ["claude"],
      [installEntry("node", { packages: ["@anthropic-ai/claude-code"], bins: ["claude"] })],
    );
    const amd64 = resolveOne(skill).row.recipe;
    const arm64 = resolveOne(skill, { platform: "linux/arm64" }).row.recipe;
    expect(amd64).toMatchObject({
      package: "@anthropic-ai/claude-code-linux-x64",
      links: { claude: "claude" },
    });
    expect(arm64).toMatchObject({
      package: "@anthropic-ai/claude-code-linux-arm64",
      links: { claude: "claude" },
    });
  });

  it("adds what a package forgets to declare", () => {
    expect(recipeOf("clawdhub", "clawdhub").row.recipe).toMatchObject({
      with: [{ package: "undici", version: expect.stringMatching(/^\d+\.\d+\.\d+$/) }],
    });
  });
});

describe("Python tools", () => {
  const resolveTool = (text: string, bin: string) =>
    resolveOne(skillWith([bin], [installEntry("uv", { packages: [text], bins: [bin] })]));

  it("takes exact versions and extras", () => {
    expect(resolveTool("zzz[cli,http]==1.2.3", "zzz").row.recipe).toEqual({
      kind: "python",
      package: "zzz",
      version: "1.2.3",
      extras: ["cli", "http"],
      bins: ["zzz"],
    });
  });

  it("warns where nothing pins it", () => {
    for (const range of [">=1.15.0", "==1.*", "~=2.0", ">=1,!=1.5,<2"]) {
      const { row, diagnostics } = resolveTool(`zzz ${range}`, "zzz");
      expect(row.recipe).toEqual({ kind: "python", package: "zzz", range, bins: ["zzz"] });
      expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
    }
    const { row, diagnostics } = resolveTool("zzz", "zzz");
    expect(row.recipe).toEqual({ kind: "python", package: "zzz", bins: ["zzz"] });
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
  });

  it("takes the pin where it fits the skill's range, and keeps to the range where it does not", () => {
    expect(resolveTool("nano-pdf>=0.1", "nano-pdf")).toMatchObject({
      row: { recipe: { version: pythonPins.get("nano-pdf")?.version } },
      diagnostics: [],
    });
    const { row, diagnostics } = resolveTool("nano-pdf<0.2", "nano-pdf");
    expect(row.recipe).toEqual({ kind: "python", package: "nano-pdf", range: "<0.2", bins: ["nano-pdf"] });
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_UNPINNED"]);
  });

  it.each([
    ["zzz@1.2.3", { version: "1.2.3" }],
    ["zzz[all]@1.2.3", { version: "1.2.3", extras: ["all"] }],
    ["zzz@latest", {}],
  ])("reads a version as uv writes it: %s", (text, expected) => {
    const { row } = resolveTool(text, "zzz");
    expect(row.recipe).toEqual({ kind: "python", package: "zzz", ...expected, bins: ["zzz"] });
  });

  it("puts the entry's other packages into the tool's environment", () => {
    const entry = installEntry("uv", {
      packages: ["zzz==1.0", "zzz-plugin[fast]==2.0", "other>=3"],
      bins: ["zzz"],
    });
    expect(resolveOne(skillWith(["zzz"], [entry])).row.recipe).toEqual({
      kind: "python",
      package: "zzz",
      version: "1.0",
      with: [
        { package: "zzz-plugin", version: "2.0", extras: ["fast"] },
        { package: "other", range: ">=3" },
      ],
      bins: ["zzz"],
    });
  });

  it("takes every kind of entry that names a Python tool", () => {
    for (const kind of ["uv", "pip", "pipx", "python"] as const) {
      const entry = installEntry(kind, { packages: ["zzz==1.0"], bins: ["zzz"] });
      expect(resolveOne(skillWith(["zzz"], [entry])).row.recipe).toMatchObject({
        kind: "python",
        version: "1.0",
      });
    }
  });
});

describe("a version of a program that the catalog has from Debian", () => {
  const context = { debianPackages: debianPackages(readDebianIndex(), "linux/amd64") };
  const recipeOf = (kind: InstallKind, name: string, bin: string) =>
    resolveOne(skillWith([bin], [installEntry(kind, { packages: [name], bins: [bin] })]), context).row.recipe;

  it("is built where Debian has another", () => {
    expect(recipeOf("cargo", "fd-find@10.2.0", "fd")).toMatchObject({ kind: "cargo", version: "10.2.0" });
    expect(recipeOf("pip", "yq==3.4.3", "yq")).toMatchObject({ kind: "python", version: "3.4.3" });
    expect(recipeOf("cargo", "himalaya@1.0.0", "himalaya")).toMatchObject({ version: "1.0.0" });
  });

  it("comes from Debian where that is the one, or none is named", () => {
    for (const name of ["fd-find", "fd-find@8.6.0"])
      expect(recipeOf("cargo", name, "fd")).toMatchObject({ kind: "apt", package: "fd-find" });
    for (const name of ["yq", "yq>=3,<4", "yq==3.1.0"])
      expect(recipeOf("pip", name, "yq")).toMatchObject({ kind: "apt", package: "yq" });
  });

  it("is no reason to build a program of another author that has the name", () => {
    expect(recipeOf("cargo", "uv@0.5.0", "uv")).toMatchObject({ kind: "python", package: "uv" });
  });
});
