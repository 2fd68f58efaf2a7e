import { describe, expect, test } from "vitest";
import type { CargoTreeStage, GoTreeStage, ImagePlan } from "../../src/plan/image-plan.ts";
import { goToolchain } from "../../src/recipe/go-release.ts";
import { builtInPlans, cargo, go, plannedFor, type Wish } from "./planning.ts";

const path = "example.com/x/cmd/tool";
const wishes: readonly Wish[] = [
  { name: "a", bins: { tool: go(path, "v1.2.3", "tool") } },
  { name: "b", bins: { tool: go(path, "v1.2.3", "tool") } },
  { name: "c", bins: { other: go("example.com/y/other", null, "other") } },
  {
    name: "d",
    bins: { zz: cargo("zz-tool", "0.4.0", ["zz", "zzd"]), zzd: cargo("zz-tool", "0.4.0", ["zz", "zzd"]) },
  },
];
const plan = plannedFor(wishes);

describe("commands that are built from source", () => {
  test("one toolchain an ecosystem, one stage a package, whoever asks", () => {
    expect(plan.stages.map(({ id }) => id)).toEqual([
      "go-client",
      expect.stringMatching(/^go-other-[0-9a-f]{12}$/),
      expect.stringMatching(/^go-tool-[0-9a-f]{12}$/),
      "cargo-client",
      expect.stringMatching(/^cargo-zz-tool-[0-9a-f]{12}$/),
    ]);
    expect(goStage(plan, "tool").requestedBy.map(({ skill }) => skill)).toEqual(["a", "b"]);
    expect(cargoStage(plan)).toMatchObject({ bins: ["zz", "zzd"], features: [] });
  });

  test("no compiler and no Debian package reach the image: trees and links only", () => {
    expect(plan.layers.map(({ kind, title }) => [kind, title])).toEqual([
      ["trees", "go example.com/y/other"],
      ["trees", "go example.com/x/cmd/tool@v1.2.3"],
      ["trees", "cargo zz-tool@0.4.0"],
      ["links", "links other tool zz and 1 more"],
    ]);
    const links = plan.layers.flatMap((layer) => (layer.kind === "links" ? layer.links : []));
    expect(links).toContainEqual({
      path: "/usr/local/bin/tool",
      target: `${goStage(plan, "tool").output}/bin/tool`,
    });
  });

  test("Go's release is a part of the plan, and of where its trees are", () => {
    expect(plan.stages[0]).toMatchObject({ go: goToolchain("linux/amd64") });
    const other = plannedFor(wishes, { platform: "linux/arm64" });
    expect(other.stages[0]).toMatchObject({ go: goToolchain("linux/arm64") });
    expect(goStage(other, "tool").output).not.toBe(goStage(plan, "tool").output);
  });

  test("Debian's Go and cargo are not brought where the image below has them", () => {
    const below = { kind: "planned", name: "common", plans: builtInPlans } as const;
    expect(packagesOf(plan)).toEqual(expect.arrayContaining(["cargo-web", "gcc", "golang-go", "libc6-dev"]));
    const onCommon = packagesOf(plannedFor(wishes, { below }));
    expect(onCommon).toEqual(expect.arrayContaining(["gcc", "libc6-dev"]));
    expect(onCommon.filter((name) => /cargo|golang/.test(name))).toEqual([]);
  });

  test("another version, name or feature is another tree, and leaves the others alone", () => {
    const changed = [
      plannedFor([{ name: "a", bins: { tool: go(path, "v1.2.4", "tool") } }, ...wishes.slice(2)]),
      plannedFor([{ name: "a", bins: { yy: go(path, "v1.2.3", "yy") } }, ...wishes.slice(2)]),
    ];
    for (const one of changed) {
      expect(trees(one).filter((tree) => !trees(plan).includes(tree))).toHaveLength(1);
    }
    const featured = { ...cargo("zz-tool", "0.4.0", ["zz"]), features: ["b", "a"] };
    const swapped = { ...featured, features: ["a", "b"] };
    const [first, second] = [featured, swapped].map((recipe) =>
      plannedFor([{ name: "d", bins: { zz: recipe } }]),
    );
    expect(first?.hash).toBe(second?.hash);
    expect(first && cargoStage(first).output).not.toBe(cargoStage(plan).output);
  });
});

function packagesOf({ stages }: ImagePlan): string[] {
  return stages.flatMap((stage) => (stage.kind === "toolchain" ? stage.packages : []));
}

function goStage({ stages }: ImagePlan, command: string): GoTreeStage {
  const stage = stages.find(
    (one) => one.kind === "tree" && one.ecosystem === "go" && one.command === command,
  );
  if (stage?.kind !== "tree" || stage.ecosystem !== "go") throw new Error(`no stage makes ${command}`);
  return stage;
}

function cargoStage({ stages }: ImagePlan): CargoTreeStage {
  const stage = stages.find((one) => one.kind === "tree" && one.ecosystem === "cargo");
  if (stage?.kind !== "tree" || stage.ecosystem !== "cargo") throw new Error("no crate is built");
  return stage;
}

function trees({ layers }: ImagePlan): string[] {
  return layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees.map((tree) => tree.path) : []));
}
