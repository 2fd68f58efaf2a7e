import { describe, expect, it } from "vitest";
import { predictSizes, type SizeInput } from "../../src/plan/predict-sizes.ts";
import { debianPackages } from "../../src/recipe/debian-packages.ts";
import type { DebianTableName } from "../../src/recipe/debian-tables.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { apt, builtInPlans, npm, plannedFor, python, type Wish } from "./planning.ts";

const kB = 1000;
/** Everything was measured but `guessed`; each package takes what its size here says, in kilobytes. */
const texts: Partial<Record<DebianTableName, string>> = {
  minimal: "minimal apt\n",
  "packages-all": [
    "apt 1 10000 900!",
    "bash 1 20000 2000!",
    "big 1 5000000 50000!",
    "ca-certificates 1 1 1!",
    "curl 1 1 1!",
    "git 1 1 1!",
    "guessed 1 7000 70!",
    "jq 1 1 1!",
    "libshared 1 400000 4000!",
    "python3 1 1 1!",
    "ripgrep 1 1 1!",
    "small 1 10000 100!",
    "",
  ].join("\n"),
  "dependencies-all": "big libshared\nsmall bash libshared\n",
  measured: [
    "apt",
    "bash",
    "big",
    "ca-certificates",
    "curl",
    "git",
    "jq",
    "libshared",
    "python3",
    "ripgrep",
    "small",
  ]
    .map((name) => `${name} 1:${{ big: 50_000 * kB, libshared: 4000 * kB, small: 100 * kB }[name] ?? kB}\n`)
    .join(""),
};
const packages = debianPackages((name) => texts[name] ?? "", "linux/amd64");

function predict(wishes: readonly Wish[], input: Partial<SizeInput> = {}) {
  const plans = [...builtInPlans.filter(({ name }) => name === "base"), plannedFor(wishes)];
  const resolutions = wishes.flatMap(({ name, bins }) =>
    Object.values(bins).map((recipe) => ({ skill: name, recipe })),
  );
  const sizes = predictSizes({ plans, packages, onMinimalBase: true, resolutions, ...input });
  const [base, mine] = sizes.map(({ size }) => size);
  if (base === undefined || mine === undefined) throw new Error("not both images were predicted");
  return { base, mine };
}

describe("predictSizes", () => {
  it("counts each package once, in the first layer that needs it, and nothing that is below", () => {
    const { base, mine } = predict([
      { name: "first", bins: { big: apt("big") } },
      { name: "second", bins: { small: apt("small") } },
    ]);
    expect(mine.downloadBytes).toBe(5_410_000);
    expect(mine.totalBytes).toBe(base.totalBytes + mine.installedBytes);
    // Besides the packages a layer has the database of all of them.
    expect(mine.installedBytes - 54_100 * kB).toBeGreaterThan(0);
    expect(mine.installedBytes - 54_100 * kB).toBeLessThan(1000 * kB);
    expect(mine).toMatchObject({ estimated: false, unknown: [] });
    expect(mine.layers.map(({ id }) => id)).toEqual(["packages"]);
  });

  it("divides what several skills need among them, and nothing else", () => {
    const { mine } = predict([
      { name: "first", bins: { big: apt("big") } },
      { name: "second", bins: { small: apt("small") } },
    ]);
    expect(mine.skills).toEqual([
      { skill: "first", downloadBytes: 5_200_000, installedBytes: 52_000 * kB, unknown: [] },
      { skill: "second", downloadBytes: 210_000, installedBytes: 2100 * kB, unknown: [] },
    ]);
    expect(predict([{ name: "only", bins: { small: apt("small") } }]).mine.skills).toEqual([
      { skill: "only", downloadBytes: 410_000, installedBytes: 4100 * kB, unknown: [] },
    ]);
  });

  it("marks what was not measured, and says what it knows nothing of", () => {
    const wish = (name: string) => [{ name: "first", bins: { tool: apt(name) } }];
    expect(predict(wish("guessed")).mine).toMatchObject({
      estimated: true,
      unknown: [],
      downloadBytes: 7000,
    });
    expect(predict(wish("gone")).mine).toMatchObject({
      estimated: true,
      unknown: ["gone"],
      downloadBytes: 0,
    });
    expect(predict(wish("small"), { onMinimalBase: false }).mine.estimated).toBe(true);
    const { mine } = predict([{ name: "first", bins: { ruff: python("ruff", "0.17.5", ["ruff"]) } }]);
    expect(mine).toMatchObject({ estimated: true, unknown: ["python ruff==0.17.5"] });
    expect(mine.skills).toMatchObject([{ skill: "first", unknown: ["python ruff==0.17.5"] }]);
  });

  it("takes what a lock knows of a tree; of one that nothing fixes that is an estimate", () => {
    const size = { downloadBytes: 4000, installedBytes: 12_000 };
    const known = (wishes: readonly Wish[]) => {
      const trees = plannedFor(wishes).layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees : []));
      return predict(wishes, { trees: Object.fromEntries(trees.map(({ path }) => [path, size])) }).mine;
    };
    const ruff = { kind: "python", package: "ruff", bins: ["ruff"] } as const;
    const [fixed, open] = [{ ...ruff, version: "0.17.5" }, ruff].map((recipe) =>
      known([{ name: "first", bins: { ruff: recipe } }]).layers.find(({ id }) => id.startsWith("tree-")),
    );
    expect(fixed).toMatchObject({ ...size, estimated: false, unknown: [] });
    expect(open).toMatchObject({ ...size, estimated: true, unknown: [] });
  });

  it("knows the runtime of pinned npm packages, and shares it like everything else", () => {
    const prettier = npm("prettier", "3.10.1", ["prettier"]);
    const { mine } = predict([
      { name: "first", bins: { node: nodeRuntime, prettier } },
      { name: "second", bins: { prettier } },
    ]);
    expect(mine).toMatchObject({ estimated: false, unknown: [] });
    const [first, second] = mine.skills;
    expect(first?.installedBytes).toBe(second?.installedBytes);
    expect(second?.installedBytes).toBeGreaterThan(50e6);
  });
});
