import { describe, expect, test } from "vitest";
import { culpritMarks } from "../../../src/dockerfile/library-scripts.ts";
import { findFailedRecipes } from "../../../src/engine/build/find-failed-recipes.ts";
import type { BuildStage, ImagePlan, Layer, TreeStage } from "../../../src/plan/image-plan.ts";

const common = {
  kind: "tree",
  id: "stage",
  toolchain: "client",
  requestedBy: [],
  output: "/opt/skills/x",
  bins: ["x"],
} as const;
const packages = [{ name: "x", version: "1.0" }];
const stages: Readonly<
  Record<Exclude<TreeStage["ecosystem"], "node-libraries" | "python-libraries">, TreeStage>
> = {
  npm: {
    ...common,
    ecosystem: "npm",
    packages: [...packages, { name: "x-linux", version: "1.0" }],
    runtime: null,
    links: {},
  },
  python: { ...common, ecosystem: "python", packages, optional: false },
  go: { ...common, ecosystem: "go", packages, command: "x" },
  cargo: { ...common, ecosystem: "cargo", packages, features: [] },
  brew: { ...common, ecosystem: "brew", packages: [{ name: "x", version: null }] },
  download: {
    ...common,
    ecosystem: "download",
    packages: [{ name: "https://example.com/x", version: null }],
    sha256: "0".repeat(64),
    archive: null,
    stripComponents: 0,
    files: {},
  },
  node: {
    ...common,
    ecosystem: "node",
    packages,
    npm: { name: "npm", version: "1" },
    npmOutput: "/opt/skills/npm",
  },
};
const libraries: TreeStage = {
  ...common,
  ecosystem: "python-libraries",
  bins: [],
  packages: [
    { name: "alpha", version: "1.0" },
    { name: "beta", version: null, range: ">=2" },
    { name: "gamma", version: null },
  ],
};

function failedIn(
  part: BuildStage | Layer | null,
  log: readonly string[],
  plan: Partial<ImagePlan> = {},
): Record<string, string> {
  return Object.fromEntries(findFailedRecipes({ stages: [], ...plan }, part, log));
}

describe("a failed step is to blame on", () => {
  test.each<[keyof typeof stages, string, string, string]>([
    [
      "npm",
      "npm x 1.0",
      "npm error 404 Not Found - GET https://user:pw@registry.example/x - Not found",
      "npm error 404 Not Found - GET the index - Not found",
    ],
    ["python", "python x 1.0", "ERROR: No matching distribution found for x==1.0", ""],
    [
      "go",
      "go x 1.0",
      "go: x@1.0: reading https://proxy.example/x/@v/1.0.info: 404 Not Found",
      "go: x@1.0: reading the index 404 Not Found",
    ],
    ["cargo", "cargo x 1.0", "error: could not find `x` in registry `crates-io` with version `=1.0`", ""],
    ["brew", "brew x", "Error: No available formula with the name x.", ""],
    [
      "download",
      `download https://example.com/x ${"0".repeat(64)}`,
      "skillcrate: the server answers 404 for https://example.com/x",
      "the server answers 404 for https://example.com/x",
    ],
  ])("the tool of its own stage: %s", (ecosystem, key, line, reason) => {
    const log = ["fetching", "npm error code E404", line, "npm error A complete log of this run is kept"];
    expect(failedIn(stages[ecosystem], log)).toEqual({ [key]: reason === "" ? line : reason });
  });

  test("all downloads from a host that cannot be reached, and only those", () => {
    const file = (id: string, url: string): TreeStage => ({
      ...stages.download,
      id,
      packages: [{ name: url, version: null }],
    });
    const plan = {
      stages: [file("a", "https://example.com/a"), file("b", "https://b.example.com/b"), stages.download],
    };
    const keysOf = (line: string) =>
      Object.keys(failedIn(stages.download, [line], plan)).map((key) => key.split(" ")[1]);
    expect(keysOf("skillcrate: example.com cannot be reached: [Errno -2] Name or service not known")).toEqual(
      ["https://example.com/x", "https://example.com/a"],
    );
    expect(keysOf("skillcrate: https://example.com/x cannot be reached: timed out")).toEqual([
      "https://example.com/x",
    ]);
    expect(keysOf("skillcrate: b.example.com cannot be reached: timed out")).toEqual([
      "https://example.com/x",
    ]);
  });

  test("libraries that fail by themselves, by the step's own last words", () => {
    const { start, failed } = culpritMarks;
    const log = [
      `${start}`,
      `${failed}1 what a package printed to blame another`,
      "ERROR: No matching distribution found for beta>=2",
      start,
      `${failed}2 ERROR: No matching distribution found for beta>=2`,
      `${failed}9 nobody`,
    ];
    expect(failedIn(libraries, log)).toEqual({
      "python-library beta >=2": "ERROR: No matching distribution found for beta>=2",
    });
  });

  test("all libraries of a step that blames none", () => {
    const line = "ERROR: Cannot install alpha and beta because of each other";
    expect(failedIn(libraries, [line])).toEqual({
      "python-library alpha 1.0": line,
      "python-library beta >=2": line,
      "python-library gamma": line,
    });
  });

  test("Debian packages that there are none of, and no others of their layer", () => {
    const layer: Layer = {
      kind: "packages",
      id: "packages",
      title: "apt",
      requestedBy: [],
      packages: ["gone", "jq", "only-named"],
    };
    const log = [
      "E: Unable to locate package gone",
      "E: Package 'only-named' has no installation candidate",
      "E: Unable to locate package elsewhere",
    ];
    expect(Object.keys(failedIn(layer, log))).toEqual(["apt gone", "apt only-named"]);
    expect(failedIn(layer, ["E: You don't have enough free space"])).toEqual({});
  });

  test("nobody's recipe, where it makes what others stand on, is locked, or is no part of the plan", () => {
    const toolchain: BuildStage = { kind: "toolchain", id: "client", packages: ["npm"], alone: [] };
    expect(failedIn(stages.node, ["npm error 404"])).toEqual({});
    expect(failedIn(toolchain, ["E: Unable to locate package npm"])).toEqual({});
    const parts = { stage: { kind: "npm", packages: {} } } as const;
    expect(failedIn(stages.npm, ["npm error 404"], { locked: { indexReadAt: "", parts } })).toEqual({});
    expect(failedIn(null, ["npm error 404"])).toEqual({});
  });

  test("what is told is short, and has no control characters", () => {
    const [reason = ""] = Object.values(failedIn(stages.cargo, [`error: \u001b[31m${"x".repeat(500)}`]));
    expect(reason).not.toContain("\u001b");
    expect(reason.length).toBeLessThanOrEqual(260);
    expect(Object.values(failedIn(stages.cargo, []))).toEqual([expect.stringContaining("does not say why")]);
  });
});
