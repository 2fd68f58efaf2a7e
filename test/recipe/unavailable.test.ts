import { describe, expect, test } from "vitest";
import { recipesOfStage } from "../../src/plan/recipes-of-stage.ts";
import type { LibraryRecipe, Recipe } from "../../src/recipe/recipe.ts";
import { resolveRequirements } from "../../src/recipe/resolve-requirements.ts";
import { recipeKey } from "../../src/recipe/unavailable.ts";
import { cargo, go, npm, plannedFor, python } from "../plan/planning.ts";
import { overlayOf } from "../support/overlay-of.ts";
import { plainSkill } from "../support/plain-skill.ts";
import { emptyContext, installEntry, requires, resolveOne, skillWith } from "./resolve-one.ts";

const failing = (...keys: string[]) => ({
  failedRecipes: new Map(keys.map((key) => [key, "404 Not Found"])),
});

describe("a recipe that a build could not carry out", () => {
  const entry = (version: string) => installEntry("node", { packages: [`zzz@${version}`], bins: ["zzz"] });

  test("gives nothing, and says why", () => {
    const { row, diagnostics } = resolveOne(skillWith(["zzz"], [entry("1.0.0")]), failing("npm zzz 1.0.0"));
    expect(row).toMatchObject({ status: "unresolved", recipe: null });
    expect(row.reason).toContain("npm zzz@1.0.0 cannot be built: 404 Not Found");
    expect(diagnostics.map(({ code }) => code)).toEqual(["RECIPE_UNRESOLVED"]);
  });

  test("says nothing of another version of it", () => {
    const { row } = resolveOne(skillWith(["zzz"], [entry("1.0.1")]), failing("npm zzz 1.0.0"));
    expect(row.status).toBe("resolved");
  });

  test("leaves the skill its next install entry, and an alternative its turn", () => {
    const second = installEntry("cargo", { packages: ["zzz@2.0.0"], bins: ["zzz"] });
    const { row } = resolveOne(skillWith(["zzz"], [entry("1.0.0"), second]), failing("npm zzz 1.0.0"));
    expect(row.recipe).toMatchObject({ kind: "cargo", package: "zzz" });
    const either = plainSkill({ requires: requires({ anyBins: ["jq", "tmux"] }) });
    const chosen = (keys: string[]) =>
      resolveRequirements([either], { ...emptyContext, ...failing(...keys) }).resolutions.find(
        ({ status }) => status === "resolved",
      )?.bin;
    const first = chosen([]) ?? "";
    expect(chosen([`apt ${first}`])).toBe(first === "jq" ? "tmux" : "jq");
  });

  test("lets nothing weaker answer for the overlay", () => {
    const overlay = overlayOf("{ bins: { tmux: { kind: 'node', package: 'zzz@1.0.0' } } }");
    const { row } = resolveOne(skillWith(["tmux"]), { overlay, ...failing("npm zzz 1.0.0") });
    expect(row).toMatchObject({ status: "unresolved", recipe: null });
  });

  test("fails as a library for all who want it", () => {
    const wanted = (language: "node" | "python", name: string) => ({
      language,
      naming: "package" as const,
      name,
      range: language === "node" ? "1.0.0" : "==1.0",
      because: "a file names it",
      place: { file: "/skills/plain/package.json", line: 2, column: 3 },
      declared: false,
    });
    const needs = new Map([
      [
        plainSkill({}).dir,
        { bins: [], libraries: [wanted("node", "zzz"), wanted("python", "zzz")], refusals: [] },
      ],
    ]);
    const { libraries, diagnostics } = resolveRequirements([plainSkill({})], {
      ...emptyContext,
      needs,
      ...failing("node-library zzz 1.0.0", "python-library zzz 1.0"),
    });
    expect(libraries.map(({ status, reason }) => [status, reason])).toEqual([
      ["unresolved", "npm zzz@1.0.0 cannot be built: 404 Not Found"],
      ["unresolved", "Python zzz@1.0 cannot be built: 404 Not Found"],
    ]);
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "warning LIBRARY_UNRESOLVED",
      "warning LIBRARY_UNRESOLVED",
    ]);
  });
});

test("a stage and the recipe that it carries out have one key", () => {
  const recipes: readonly (Recipe & { readonly bins?: readonly string[] })[] = [
    npm("prettier", "3.10.1", ["prettier"]),
    { kind: "npm", package: "loose", range: "^1.2", bins: ["loose"] },
    python("khal", "0.11.4", ["khal"]),
    { kind: "python", package: "any", bins: ["any"] },
    go("example.com/tool", "v1.2.3", "tool"),
    cargo("crate", "0.3.0", ["crate"]),
    {
      kind: "download",
      package: "https://example.com/file",
      sha256: "a".repeat(64),
      archive: null,
      stripComponents: 0,
      bins: ["file"],
      files: {},
    },
    { kind: "brew", package: "formula", bins: ["formula"] },
  ];
  const libraries: readonly LibraryRecipe[] = [
    { kind: "python-library", package: "pypdf", version: "4.0" },
    { kind: "python-library", package: "pandas", range: ">=2" },
    { kind: "node-library", package: "docx", version: "9.0.0" },
    { kind: "node-library", package: "yaml" },
  ];
  const bins = recipes.map((recipe) => [recipe.bins?.[0] ?? "", recipe] as const);
  const plan = plannedFor([{ name: "first", bins: Object.fromEntries(bins) }], {
    libraries: libraries.map((recipe) => ({
      skill: "first",
      dir: "/skills/first",
      language: recipe.kind === "node-library" ? "node" : "python",
      naming: "package",
      library: recipe.package,
      declared: false,
      promise: null,
      status: "resolved",
      recipe,
      evidence: null,
      reason: "a test says so",
    })),
  });
  const keys = plan.stages.flatMap((stage) =>
    stage.kind === "tree" ? recipesOfStage(stage).map(({ key }) => key) : [],
  );
  expect(keys.sort()).toEqual([...recipes, ...libraries].map(recipeKey).sort());
});
