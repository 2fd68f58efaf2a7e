import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImagePlan, Layer } from "../../src/plan/image-plan.ts";
import { planSkillsImage } from "../../src/plan/plan-skills-image.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import type { ResolutionStatus } from "../../src/recipe/recipe.ts";
import { plainSkill } from "../support/plain-skill.ts";
import {
  apt,
  builtInPlan,
  builtInPlans,
  npm,
  plannedFor,
  planWishes,
  python,
  resolution,
  type Wish,
} from "./planning.ts";

const wishes: readonly Wish[] = [
  { name: "video", bins: { ffmpeg: apt("ffmpeg"), jq: null } },
  { name: "find", bins: { fd: apt("fd-find", { fd: "/usr/bin/fdfind" }) } },
  { name: "porter", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) } },
  { name: "porter-too", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]), tree: apt("tree") } },
  { name: "pdf", bins: { "nano-pdf": python("nano-pdf", "1.2.0", ["nano-pdf"]) } },
  { name: "words", bins: {} },
];

describe("the image for skills", () => {
  const plan = plannedFor(wishes);

  test("has the heavy package alone, then the light ones, trees, names", () => {
    expect(plan.layers.map(({ kind, title }) => [kind, title])).toEqual([
      ["packages", "apt ffmpeg"],
      ["packages", "apt fd-find tree"],
      ["trees", `node ${nodeRuntime.version}`],
      ["trees", "npm mcporter@0.7.3"],
      ["trees", "python nano-pdf==1.2.0"],
      ["links", "links fd mcporter nano-pdf and 1 more"],
    ]);
  });

  test("each layer knows who asked for it, with the place", () => {
    const askers = plan.layers.map(({ requestedBy }) =>
      requestedBy.map(({ skill, bin }) => `${skill}:${bin}`),
    );
    const porters = ["porter-too:mcporter", "porter:mcporter"];
    expect(askers).toEqual([
      ["video:ffmpeg"],
      ["find:fd", "porter-too:tree"],
      porters.toReversed(),
      porters.toReversed(),
      ["pdf:nano-pdf"],
      ["find:fd", "pdf:nano-pdf", ...porters.toReversed()],
    ]);
    expect(plan.layers[0]?.requestedBy[0]?.place).toEqual({
      file: "/skills/video/SKILL.md",
      line: 4,
      column: 12,
    });
  });

  test("gets Node without npm, since only a program runs on it", () => {
    const trees = plan.layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees : []));
    expect(trees.filter(({ path }) => /^\/opt\/skills\/(node|npm)-/.test(path))).toHaveLength(1);
    expect(linksOf(plan)).toEqual([
      ["/usr/local/bin/fd", "/usr/bin/fdfind"],
      [
        "/usr/local/bin/mcporter",
        expect.stringMatching(/^\/opt\/skills\/mcporter-[0-9a-f]{12}\/bin\/mcporter$/),
      ],
      [
        "/usr/local/bin/nano-pdf",
        expect.stringMatching(/^\/opt\/skills\/nano-pdf-[0-9a-f]{12}\/bin\/nano-pdf$/),
      ],
      ["/usr/local/bin/node", expect.stringMatching(/^\/opt\/skills\/node-[0-9a-f]{12}\/bin\/node$/)],
    ]);
  });

  test("builds trees in stages of their own, from two toolchains", () => {
    expect(
      plan.stages.map((stage) => (stage.kind === "tree" ? stage.ecosystem : [stage.id, stage.packages])),
    ).toEqual([
      // The image below has what fetches Node.
      ["npm-client", []],
      "node",
      "npm",
      ["python-client", ["python3-pip"]],
      "python",
    ]);
  });

  test("brings Python, which fetches Node, to a stage on an image that has none", () => {
    const below = {
      kind: "external",
      base: { reference: "debian:bookworm-slim", digest: null, imageId: null },
      known: new Set<string>(),
      user: null,
    } as const;
    const bins = { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) };
    expect(plannedFor([{ name: "porter", bins }], { below }).stages[0]).toEqual({
      kind: "toolchain",
      id: "npm-client",
      packages: ["python3"],
      alone: [],
    });
  });

  test("promises what is there already, too", () => {
    expect(plan.promises.map(({ name, requestedBy }) => [name, requestedBy.length])).toEqual([
      ["fd", 1],
      ["ffmpeg", 1],
      ["jq", 1],
      ["mcporter", 2],
      ["nano-pdf", 1],
      ["tree", 1],
    ]);
  });

  test("stands on base and runs as its user", () => {
    expect(plan).toMatchObject({
      tag: "openclaw-sandbox-skills:mine",
      below: { kind: "planned", name: "base", hash: builtInPlan("base").hash },
      config: { user: "sandbox", env: {}, cmd: null, entrypoint: null },
    });
  });

  test("is the same for every order of skills and resolutions", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...wishes], { minLength: wishes.length }), (shuffled) => {
        expect(plannedFor(shuffled)).toEqual(plan);
      }),
    );
  });
});

describe("on common", () => {
  const common = { below: { kind: "planned", name: "common", plans: builtInPlans } } as const;

  test("its Node and npm make the trees, and no other Node comes in", () => {
    const plan = plannedFor(
      [{ name: "porter", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) } }],
      common,
    );
    expect(plan.stages).toMatchObject([
      { id: "npm-client", packages: [] },
      { ecosystem: "npm", runtime: null },
    ]);
    expect(linksOf(plan).map(([path]) => path)).toEqual(["/usr/local/bin/mcporter"]);
  });

  test("its pip makes environments", () => {
    const plan = plannedFor(
      [{ name: "pdf", bins: { "nano-pdf": python("nano-pdf", "1.2.0", ["nano-pdf"]) } }],
      common,
    );
    expect(plan.stages[0]).toMatchObject({ id: "python-client", packages: [] });
  });
});

describe("on an image from elsewhere", () => {
  const below = {
    kind: "external",
    base: { reference: "corp/debian:12", digest: null, imageId: "sha256:1" },
    known: new Set<string>(),
    user: "agent",
  } as const;

  test("Python comes with the first Python tool, and the user stays", () => {
    const plan = plannedFor(
      [{ name: "pdf", bins: { "nano-pdf": python("nano-pdf", "1.2.0", ["nano-pdf"]) } }],
      { below },
    );
    expect(plan.layers[0]).toMatchObject({ kind: "packages", packages: ["python3"] });
    expect(plan.config.user).toBe("agent");
  });
});

describe("Node", () => {
  test("comes with npm where npm is asked for", () => {
    const plan = plannedFor([{ name: "js", bins: { npm: nodeRuntime } }]);
    expect(linksOf(plan).map(([path]) => path)).toEqual(["/usr/local/bin/node", "/usr/local/bin/npm"]);
    expect(plan.layers.map(({ title }) => title)).toEqual([
      `node ${nodeRuntime.version}`,
      `npm ${nodeRuntime.npmVersion}`,
      "links node npm",
    ]);
  });

  test("is not given a second time where a Debian package brings it", () => {
    const plan = plannedFor([
      { name: "js", bins: { node: apt("nodejs") } },
      { name: "porter", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) } },
    ]);
    expect(linksOf(plan).map(([path]) => path)).toEqual(["/usr/local/bin/mcporter"]);
  });
});

describe("a change", () => {
  const before = plannedFor(wishes);

  test("of what a SKILL.md says elsewhere changes nothing", () => {
    const moved = wishes.map((wish) => ({ ...wish, skill: { description: "new words" } }));
    expect(plannedFor(moved).hash).toBe(before.hash);
  });

  test("one more light package leaves the heavy layer alone, and every tree", () => {
    const after = plannedFor([...wishes, { name: "more", bins: { sox: apt("sox") } }]);
    expect(shapes(after).slice(0, 1)).toEqual(shapes(before).slice(0, 1));
    expect(shapes(after)[1]).not.toEqual(shapes(before)[1]);
    expect(after.stages).toEqual(before.stages);
  });

  test("one more tree leaves all packages and the other trees alone", () => {
    const after = plannedFor([...wishes, { name: "more", bins: { zx: npm("zx", "8.0.0", ["zx"]) } }]);
    const kept = shapes(before).filter((shape) => !shape.includes('"links"'));
    expect(shapes(after)).toEqual(expect.arrayContaining(kept));
    expect(after.stages.map(({ id }) => id)).toEqual(
      expect.arrayContaining(before.stages.map(({ id }) => id)),
    );
  });

  test("another version is another tree", () => {
    const [tree] = treePaths(plannedFor([{ name: "a", bins: { zx: npm("zx", "8.0.0", ["zx"]) } }]));
    const [other] = treePaths(plannedFor([{ name: "a", bins: { zx: npm("zx", "8.0.1", ["zx"]) } }]));
    expect([tree, other]).toEqual([expect.stringMatching(/^\/opt\/skills\/node-/), tree]);
    const last = (version: string) =>
      treePaths(plannedFor([{ name: "a", bins: { zx: npm("zx", version, ["zx"]) } }])).at(-1);
    expect(last("8.0.0")).not.toBe(last("8.0.1"));
  });
});

describe("which skills are in", () => {
  const select = (bins: Record<string, ResolutionStatus>, skill: Parameters<typeof plainSkill>[0]) =>
    planSkillsImage({
      name: "mine",
      below: { kind: "planned", name: "base", plans: builtInPlans },
      skills: [plainSkill({ name: "it", ...skill })],
      resolutions: Object.entries(bins).map(([bin, status]) =>
        resolution("it", bin, {
          status,
          recipe: status === "resolved" ? apt(bin) : null,
          reason: `is ${status}`,
        }),
      ),
      tagPrefix: "",
      platform: "linux/amd64",
      aptEpoch: "1",
    });
  const requires = (bins: string[], anyBins: string[] = []) => ({
    requires: { bins, anyBins, env: [], config: [] },
  });

  test.each([
    ["all of bins", { a: "resolved", b: "present" }, requires(["a", "b"]), []],
    ["nothing required", {}, {}, []],
    ["one unresolved", { a: "unresolved", b: "present" }, requires(["a", "b"]), ['"a": is unresolved']],
    ["one only proposed", { a: "proposed" }, requires(["a"]), ['"a": is proposed']],
    ["one refused", { a: "excluded" }, requires(["a"]), ['"a": is excluded']],
    ["one without an answer", {}, requires(["a"]), ['"a": nothing provides it']],
    ["one of anyBins", { a: "unresolved", b: "resolved" }, requires([], ["a", "b"]), []],
    [
      "none of anyBins",
      { a: "unresolved", b: "proposed" },
      requires([], ["a", "b"]),
      ['none of "a", "b" can be had'],
    ],
    [
      "a doubt about an installer's command",
      { a: "present", x: "proposed" },
      requires(["a"]),
      ['"x": is proposed'],
    ],
    ["for another system", {}, { os: ["darwin"] as const }, ["it is for darwin only"]],
    ["for several, this one too", {}, { os: ["darwin", "linux"] as const }, []],
    ["invalid", {}, { state: "invalid" as const }, ["its SKILL.md is invalid"]],
  ] as const)("%s", (_, bins, skill, reasons) => {
    const { plan, included, leftOut } = select(bins, skill as Parameters<typeof plainSkill>[0]);
    if (reasons.length === 0) {
      expect([included, leftOut]).toEqual([[{ skill: "it", dir: "/skills/it" }], []]);
      expect(plan).not.toBeNull();
    } else {
      expect([included, leftOut]).toEqual([[], [{ skill: "it", dir: "/skills/it", reasons }]]);
      expect(plan).toBeNull();
    }
  });

  test("names repeat, folders tell skills apart", () => {
    const twins = ["/one", "/two"].map((dir) => plainSkill({ name: "twin", dir, ...requires(["a"]) }));
    const { included, leftOut } = planSkillsImage({
      name: "mine",
      below: { kind: "planned", name: "base", plans: builtInPlans },
      skills: twins,
      resolutions: [
        resolution("twin", "a", { dir: "/one", recipe: apt("a-package") }),
        resolution("twin", "a", { dir: "/two", status: "unresolved" }),
      ],
      tagPrefix: "",
      platform: "linux/amd64",
      aptEpoch: "1",
    });
    expect([included, leftOut.map(({ dir }) => dir)]).toEqual([[{ skill: "twin", dir: "/one" }], ["/two"]]);
  });

  test("two programs under one name: the first by name has it", () => {
    const { included, leftOut } = planWishes([
      { name: "b", bins: { yq: npm("yq", "1.0.0", ["yq"]) } },
      { name: "a", bins: { yq: apt("yq") } },
    ]);
    expect(included.map(({ skill }) => skill)).toEqual(["a"]);
    expect(leftOut).toEqual([
      { skill: "b", dir: "/skills/b", reasons: ['"yq": the skill "a" has it from another source'] },
    ]);
  });

  test.each([["base"], ["Mine"], ["a b"], ["../x"], [""], ["x".repeat(64)]])(
    "%j is no image's name",
    (name) => {
      const { plan, diagnostics } = planWishes([], { name });
      expect([plan, diagnostics.map(({ code }) => code)]).toEqual([null, ["PLAN_NAME_INVALID"]]);
    },
  );
});

function linksOf(plan: ImagePlan): [string, string][] {
  return plan.layers.flatMap((layer) =>
    layer.kind === "links" ? layer.links.map(({ path, target }): [string, string] => [path, target]) : [],
  );
}

function treePaths(plan: ImagePlan): string[] {
  return plan.layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees.map(({ path }) => path) : []));
}

/** Layers without those who asked. */
function shapes(plan: ImagePlan): string[] {
  return plan.layers.map((layer: Layer) => JSON.stringify({ ...layer, requestedBy: [], title: "" }));
}
