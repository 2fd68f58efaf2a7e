import { describe, expect, test } from "vitest";
import { compareVersions } from "../../src/recipe/compare-versions.ts";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import type { InstallKind, InstallSpec, Skill } from "../../src/skill/skill.ts";
import { readDebianIndex } from "../../src/source/read-debian-index.ts";
import { overlayOf } from "../support/overlay-of.ts";
import { codesOf, emptyContext, installEntry, skillWith } from "./resolve-one.ts";

/** A skill of this name that takes the command from this package, by an entry in its SKILL.md at line 9. */
function skillTaking(name: string, packageName: string, kind: InstallKind = "node", bin = "zzz"): Skill {
  const place = { file: `/skills/${name}/SKILL.md`, line: 9, column: 7 };
  const named = kind === "go" ? { module: packageName } : { packages: [packageName] };
  return skillWith([bin], [installEntry(kind, { ...named, bins: [bin], place })], { name });
}

function resolveAll(skills: readonly Skill[], overlay = overlayOf("{}")) {
  const forth = resolveRequirements(skills, { ...emptyContext, overlay });
  expect(resolveRequirements([...skills].reverse(), { ...emptyContext, overlay })).toEqual(forth);
  const shown = forth.resolutions.map(({ skill, status, recipe }) =>
    `${skill} ${status} ${recipe?.package ?? ""} ${recipe?.version ?? ""}`.trim(),
  );
  return { ...forth, shown };
}

describe("one command, several versions of one program", () => {
  test("the version that is named goes before one that is only known", () => {
    const { shown, diagnostics } = resolveAll([
      skillTaking("a", "prettier", "node", "prettier"),
      skillTaking("b", "prettier@3.0.0", "node", "prettier"),
      skillWith(["prettier"], [], { name: "c" }),
    ]);
    expect(shown).toEqual([
      "a resolved prettier 3.0.0",
      "b resolved prettier 3.0.0",
      "c resolved prettier 3.0.0",
    ]);
    expect(diagnostics).toEqual([]);
  });

  test("of two named versions the newer is taken, and whoever names the other is refused with both places", () => {
    const { shown, diagnostics } = resolveAll([
      skillTaking("a", "zzz@1.9.0"),
      skillTaking("b", "zzz@1.10.0"),
      skillTaking("c", "zzz@1.10.0"),
    ]);
    expect(shown).toEqual(["a unresolved", "b resolved zzz 1.10.0", "c resolved zzz 1.10.0"]);
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_VERSION_CONFLICT"]);
    expect(diagnostics[0]?.place).toEqual({ file: "/skills/a/SKILL.md", line: 9, column: 7 });
    expect(diagnostics[0]?.message).toContain("/skills/b/SKILL.md:9:7");
  });

  test("the overlay decides between them", () => {
    const overlay = overlayOf("{ bins: { zzz: { kind: 'npm', package: 'zzz@1.9.0' } } }");
    const { shown, diagnostics } = resolveAll(
      [skillTaking("a", "zzz@1.9.0"), skillTaking("b", "zzz@1.10.0")],
      overlay,
    );
    expect(shown).toEqual(["a resolved zzz 1.9.0", "b resolved zzz 1.9.0"]);
    expect(diagnostics).toEqual([]);
  });

  test("the overlay's word for one skill holds for all that mean the same program", () => {
    const overlay = overlayOf("{ skills: { a: { install: [{ kind: 'npm', package: 'zzz@1.0.0' }] } } }");
    const { shown } = resolveAll([skillTaking("a", "zzz@1.9.0"), skillTaking("b", "zzz@1.10.0")], overlay);
    expect(shown).toEqual(["a resolved zzz 1.0.0", "b resolved zzz 1.0.0"]);
  });

  test("a skill that is left out anyway has no say", () => {
    const hostile = skillWith(
      ["zzz", "no-such-command"],
      [installEntry("node", { packages: ["zzz@99.0.0"], bins: ["zzz"] })],
      { name: "a" },
    );
    const { resolutions, diagnostics } = resolveAll([hostile, skillTaking("b", "zzz@1.0.0")]);
    expect(resolutions.find(({ skill }) => skill === "b")).toMatchObject({
      status: "resolved",
      recipe: { version: "1.0.0" },
    });
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_UNRESOLVED"]);
  });

  test("a skill that is refused refuses no other", () => {
    const entries = ["one@9.0.0", "two@1.0.0"].map((text) =>
      installEntry("node", { packages: [text], bins: [text.slice(0, 3)] }),
    );
    const { resolutions } = resolveAll([
      skillWith(["one", "two"], entries, { name: "a" }),
      skillTaking("b", "two@2.0.0", "node", "two"),
      skillTaking("c", "one@1.0.0", "node", "one"),
    ]);
    const row = (skill: string, bin: string) =>
      resolutions.find((each) => each.skill === skill && each.bin === bin)?.status;
    expect([row("a", "two"), row("b", "two"), row("c", "one")]).toEqual([
      "unresolved",
      "resolved",
      "resolved",
    ]);
  });

  test("of two that refuse each other one stays", () => {
    const both = (name: string, ...texts: string[]) =>
      skillWith(
        ["one", "two"],
        texts.map((text) => installEntry("node", { packages: [text], bins: [text.slice(0, 3)] })),
        { name },
      );
    const { resolutions } = resolveAll([
      both("a", "one@2.0.0", "two@1.0.0"),
      both("b", "one@1.0.0", "two@2.0.0"),
    ]);
    expect(resolutions.filter(({ status }) => status === "unresolved").map(({ skill }) => skill)).toEqual([
      "a",
    ]);
  });

  /** A skill that takes the command with these packages beside it. */
  function withBeside(
    name: string,
    beside: readonly string[],
    kind: InstallKind = "node",
    bin = "zzz",
  ): Skill {
    const place = { file: `/skills/${name}/SKILL.md`, line: 9, column: 7 };
    const own = kind === "node" ? "zzz@1.0.0" : "zzz==1.0.0";
    return skillWith([bin], [installEntry(kind, { packages: [own, ...beside], bins: [bin], place })], {
      name,
    });
  }

  test.each([
    ["npm", "node", ["plug@1.0.0", "plug@2.0.0"]],
    ["Python", "uv", ["plug==1.0", "PLUG==2.0"]],
    ["ranges that never meet", "uv", ["plug<2", "plug>=2"]],
  ] as const)(
    "what goes beside it at two versions: the second is refused, with both places (%s)",
    (_what, kind, [one, two]) => {
      const { shown, diagnostics, resolutions } = resolveAll([
        withBeside("a", [one], kind),
        withBeside("b", [two], kind),
        withBeside("c", ["other", one], kind),
      ]);
      expect(shown).toEqual(["a resolved zzz 1.0.0", "b unresolved", "c resolved zzz 1.0.0"]);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      expect(codesOf(errors)).toEqual(["error RECIPE_VERSION_CONFLICT"]);
      expect(errors[0]?.place?.file).toBe("/skills/b/SKILL.md");
      expect(errors[0]?.message).toContain("/skills/a/SKILL.md:9:7");
      expect(resolutions[0]?.recipe).toEqual(resolutions[2]?.recipe);
      expect(resolutions[0]?.recipe).toMatchObject({ with: [{ package: "plug" }, { package: "other" }] });
    },
  );

  test("what goes beside it at versions that agree is united, also for those who name no version of the command", () => {
    const { shown, resolutions } = resolveAll([
      withBeside("a", ["plug>=1"], "uv"),
      withBeside("b", ["plug==1.5"], "uv"),
      skillWith(["zzz"], [installEntry("uv", { packages: ["zzz[pdf]", "more==3.0"], bins: ["zzz"] })], {
        name: "c",
      }),
    ]);
    expect(shown).toEqual(["a", "b", "c"].map((name) => `${name} resolved zzz 1.0.0`));
    for (const { recipe } of resolutions) {
      expect(recipe).toMatchObject({
        extras: ["pdf"],
        with: [
          { package: "plug", version: "1.5" },
          { package: "more", version: "3.0" },
        ],
      });
    }
  });

  test("commands of one package with different packages beside them live side by side", () => {
    const { resolutions, diagnostics } = resolveAll([
      withBeside("a", ["plug@1.0.0"], "node", "one"),
      withBeside("b", ["plug@2.0.0"], "node", "two"),
    ]);
    expect(resolutions.map(({ recipe }) => recipe?.kind === "npm" && recipe.with)).toEqual([
      [{ package: "plug", version: "1.0.0" }],
      [{ package: "plug", version: "2.0.0" }],
    ]);
    expect(diagnostics).toEqual([]);
  });

  test.each([
    ["node", ["zzz@1.0.0", "plug@1.0.0", "plug@2.0.0"], "plug"],
    ["node", ["zzz@1.0.0", "zzz@2.0.0"], "zzz"],
    ["uv", ["zzz==1.0", "plug<1", "Plug>2"], "Plug"],
  ] as const)("one entry (%s %j) that contradicts itself refuses its skill", (kind, packages, name) => {
    const { shown, diagnostics } = resolveAll([
      skillWith(["zzz"], [installEntry(kind, { packages: [...packages], bins: ["zzz"] })], { name: "a" }),
    ]);
    expect(shown).toEqual(["a excluded"]);
    expect(codesOf(diagnostics)).toEqual(["error RECIPE_PACKAGE_TWICE"]);
    expect(diagnostics[0]?.message).toContain(`"${name}"`);
  });

  test("different commands of two versions live side by side", () => {
    const { shown, diagnostics } = resolveAll([
      skillTaking("a", "zzz@1.0.0", "node", "one"),
      skillTaking("b", "zzz@2.0.0", "node", "two"),
    ]);
    expect(shown).toEqual(["a resolved zzz 1.0.0", "b resolved zzz 2.0.0"]);
    expect(diagnostics).toEqual([]);
  });
});

describe("one command, several ranges of versions", () => {
  /** Of the row of each skill: status, version, range. */
  function ranges(...texts: readonly string[]) {
    const kind = texts.some((text) => text.includes("@")) ? "node" : "uv";
    const skills = texts.map((text, index) => skillTaking("abc"[index] ?? "", text, kind));
    const { resolutions, diagnostics } = resolveAll(skills);
    const shown = resolutions.map(({ status, recipe }) => {
      const range = recipe?.kind === "npm" || recipe?.kind === "python" ? recipe.range : undefined;
      return [status, recipe?.version, range].filter((word) => word !== undefined).join(" ");
    });
    const told = diagnostics.filter(({ code }) => code !== "RECIPE_UNPINNED");
    return { shown, told, codes: codesOf(told) };
  }

  test.each([
    ["npm's", ["zzz@>=1.2.0", "zzz@<2"], "resolved >=1.2.0 <2"],
    ["Python's", ["zzz>=1.2", "zzz<2"], "resolved >=1.2,<2"],
    ["that are one inside the other", ["zzz@^1.0.0", "zzz@~1.4"], "resolved ^1.0.0 ~1.4"],
  ])("%s: what is in all of them is taken, and told with both places", (_what, texts, row) => {
    const { shown, told, codes } = ranges(...texts);
    expect(shown).toEqual([row, row]);
    expect(codes).toEqual(["info RECIPE_VERSION_SHARED"]);
    expect(told[0]?.place?.file).toBe("/skills/b/SKILL.md");
    expect(told[0]?.message).toContain("/skills/a/SKILL.md:9:7");
  });

  test.each([
    ["npm's", ["zzz@<2", "zzz@>=2.0.0"], "resolved <2"],
    ["Python's", ["zzz<2", "zzz>=2"], "resolved <2"],
    ["a tag and numbers", ["zzz@next", "zzz@^1.0.0"], "resolved next"],
  ])("%s that never meet: the second is refused, with both places", (_what, texts, first) => {
    const { shown, told, codes } = ranges(...texts);
    expect(shown).toEqual([first, "unresolved"]);
    expect(codes).toEqual(["error RECIPE_VERSION_CONFLICT"]);
    expect(told[0]?.place?.file).toBe("/skills/b/SKILL.md");
    expect(told[0]?.message).toContain("/skills/a/SKILL.md:9:7");
  });

  test("of three the one that does not go with the others is refused, and refuses nobody", () => {
    const { shown } = ranges("zzz@^1.0.0", "zzz@>=3", "zzz@<1.8");
    expect(shown).toEqual(["resolved ^1.0.0 <1.8", "unresolved", "resolved ^1.0.0 <1.8"]);
  });

  test("a version that is named holds for whoever asks for a range around it, and refuses other ranges", () => {
    expect(ranges("zzz@1.5.0", "zzz@^1.2.0")).toMatchObject({
      shown: ["resolved 1.5.0", "resolved 1.5.0"],
      codes: ["info RECIPE_VERSION_SHARED"],
    });
    expect(ranges("zzz@1.5.0", "zzz@^2.0.0")).toMatchObject({
      shown: ["resolved 1.5.0", "unresolved"],
      codes: ["error RECIPE_VERSION_CONFLICT"],
    });
  });

  test("a known version does not stand against a range that somebody asks for", () => {
    const { shown } = resolveAll([
      skillTaking("a", "prettier", "node", "prettier"),
      skillTaking("b", "prettier@<2", "node", "prettier"),
    ]);
    expect(shown).toEqual(["a resolved prettier", "b resolved prettier"]);
  });
});

describe("one command, several programs", () => {
  test("the best founded is taken for all, and who meant another is told", () => {
    const { shown, diagnostics } = resolveAll([
      skillTaking("a", "aaa@1.0.0"),
      skillTaking("b", "zzz", "apt"),
    ]);
    expect(shown).toEqual(["a resolved zzz", "b resolved zzz"]);
    expect(codesOf(diagnostics)).toEqual(["warning RECIPE_CONFLICT"]);
    expect(diagnostics[0]?.message).toContain("/skills/b/SKILL.md");
  });

  test("what two ask of the same program is united", () => {
    const { resolutions, diagnostics } = resolveAll([
      skillTaking("a", "zzz[pdf]==1.0.0", "uv"),
      skillTaking("b", "zzz[csv]==1.0.0", "uv"),
      skillTaking("c", "zzz==1.0.0", "uv"),
    ]);
    for (const { recipe } of resolutions) expect(recipe).toMatchObject({ extras: ["csv", "pdf"] });
    expect(diagnostics).toEqual([]);
  });
});

describe("versions", () => {
  test.each([
    ["1.9.0", "1.10.0"],
    ["1.0.0-rc.1", "1.0.0"],
    ["1.0.0-rc.1", "1.0.0-rc.2"],
    ["1.0.0-rc.2", "1.0.0-rc.10"],
    ["v1.2.3", "v1.3.0"],
    ["1.0", "1.0.1"],
    ["", "0.1"],
  ])("%s comes before %s", (lower, higher) => {
    expect(compareVersions(lower, higher)).toBeLessThan(0);
    expect(compareVersions(higher, lower)).toBeGreaterThan(0);
    expect(compareVersions(lower, lower)).toBe(0);
  });
});

describe("one program, from Debian and from its authors", () => {
  const debian = debianPackages(readDebianIndex(), "linux/amd64");

  /** Of a skill that names the package, and of one that only needs the command: what they get, and codes. */
  function resolveBoth(packageName: string, kind: InstallKind, bin: string) {
    const skills = [skillTaking("a", packageName, kind, bin), skillWith([bin], [], { name: "b" })];
    const context = { ...emptyContext, debianPackages: debian };
    const result = resolveRequirements(skills, context);
    expect(resolveRequirements([...skills].reverse(), context)).toEqual(result);
    const recipes = result.resolutions.map(({ recipe }) => recipe);
    expect(recipes[1]).toEqual(recipes[0]);
    return { ...result, recipe: recipes[0], codes: codesOf(result.diagnostics) };
  }

  test("a version that Debian does not have is taken for both, from where the skill names it", () => {
    const { recipe, resolutions, codes } = resolveBoth("poetry==1.8.3", "pipx", "poetry");
    expect(recipe).toMatchObject({ kind: "python", package: "poetry", version: "1.8.3" });
    expect(resolutions[1]?.reason).toBe(`Python poetry@1.8.3, since the skill "a" names this version`);
    expect(codes).toEqual([]);
  });

  test("so is what fits a range that Debian's version does not", () => {
    const { recipe, resolutions, codes } = resolveBoth("Poetry>=1.8", "uv", "poetry");
    expect(recipe).toMatchObject({ kind: "python", range: ">=1.8" });
    expect(resolutions[1]?.reason).toBe(`Python Poetry@>=1.8, since the skill "a" goes with this version`);
    expect(codes).toEqual(["warning RECIPE_UNPINNED"]);
  });

  test("Debian's is taken for both where its version suits, and the skill is told", () => {
    const { recipe, resolutions, codes } = resolveBoth("poetry>=1.2,<2", "uv", "poetry");
    expect(recipe).toMatchObject({ kind: "apt", package: "python3-poetry" });
    expect(resolutions[0]).toMatchObject({ status: "resolved", evidence: { source: "catalog" } });
    expect(resolutions[0]?.reason).toBe(`Debian python3-poetry, since the skill "b" goes with this version`);
    expect(codes).toContain("info RECIPE_VERSION_SHARED");
    expect(codes).not.toContain("warning RECIPE_CONFLICT");
  });

  test("and where no version is named", () => {
    const { recipe, resolutions, codes } = resolveBoth("poetry", "pip", "poetry");
    expect(recipe).toMatchObject({ kind: "apt", package: "python3-poetry" });
    expect(resolutions[0]?.evidence?.source).toBe("catalog");
    expect(codes).not.toContain("warning RECIPE_CONFLICT");
  });

  test.each([
    ["go", "filippo.io/age/cmd/age@v1.2.0", "age"],
    ["cargo", "fd-find@10.2.0", "fd"],
  ] as const)("a version that %s builds goes before Debian's", (kind, name, bin) => {
    expect(resolveBoth(name, kind, bin).recipe).toMatchObject({ kind, version: name.split("@")[1] });
  });

  test("a package of an equal name is no version of a well-known program", () => {
    const { recipe, codes } = resolveBoth("jo==9.9", "pip", "jo");
    expect(recipe).toMatchObject({ kind: "apt", package: "jo" });
    expect(codes).toContain("warning RECIPE_CONFLICT");
  });

  test("an environment with extras of its own is another program", () => {
    const { recipe, codes } = resolveBoth("visidata[test]==3.1", "pip", "vd");
    expect(recipe).toMatchObject({ kind: "apt", package: "visidata" });
    expect(codes).toContain("warning RECIPE_CONFLICT");
  });

  test.each<[string, InstallSpec]>([
    ["poetry", installEntry("pip", { packages: ["poetry==1.8.3", "plugin"], bins: ["poetry"] })],
    ["fd", installEntry("cargo", { packages: ["fd-find@10.2.0"], features: ["x"], bins: ["fd"] })],
  ])("so is a %s with parts of its own", (bin, entry) => {
    const skills = [skillWith([bin], [entry], { name: "a" }), skillWith([bin], [], { name: "b" })];
    const { resolutions, diagnostics } = resolveRequirements(skills, {
      ...emptyContext,
      debianPackages: debian,
    });
    expect(resolutions.map(({ recipe }) => recipe?.kind)).toEqual(["apt", "apt"]);
    expect(codesOf(diagnostics)).toContain("warning RECIPE_CONFLICT");
  });

  test("two skills that name different versions of it are told apart as ever", () => {
    const skills = [
      skillTaking("a", "poetry==1.8.3", "pip", "poetry"),
      skillTaking("b", "poetry>=2", "pip", "poetry"),
      skillWith(["poetry"], [], { name: "c" }),
    ];
    const { resolutions, diagnostics } = resolveRequirements(skills, {
      ...emptyContext,
      debianPackages: debian,
    });
    expect(resolutions.map(({ status, recipe }) => `${status} ${recipe?.version}`)).toEqual([
      "resolved 1.8.3",
      "unresolved undefined",
      "resolved 1.8.3",
    ]);
    expect(codesOf(diagnostics)).toContain("error RECIPE_VERSION_CONFLICT");
  });
});
