import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Requester } from "../../src/plan/image-plan.ts";
import { type LayerContents, orderLayers } from "../../src/plan/order-layers.ts";

const asker: Requester = { skill: "a", bin: "b" };
const nothing: LayerContents = {
  packages: new Map(),
  trees: [],
  links: [],
  files: [],
  user: null,
  definition: null,
};

function packages(...names: string[]): LayerContents {
  return { ...nothing, packages: new Map(names.map((name) => [name, [asker]])) };
}

function trees(count: number): LayerContents["trees"] {
  return Array.from({ length: count }, (_, index) => ({
    stage: `npm-t${index}`,
    path: `/opt/skills/t${String(index).padStart(4, "0")}`,
    title: `t${index}`,
    requestedBy: [asker],
  }));
}

describe("packages", () => {
  test("heavy ones alone, the heaviest first, before the light ones in code-unit order", () => {
    const layers = orderLayers(packages("tree", "imagemagick", "jq", "texlive-full", "ffmpeg", "a2ps"));
    expect(layers.map((layer) => layer.kind === "packages" && layer.packages)).toEqual([
      ["texlive-full"],
      ["ffmpeg"],
      ["imagemagick"],
      ["a2ps", "jq", "tree"],
    ]);
  });

  test("a pinned version does not hide that a package is heavy", () => {
    const layers = orderLayers(packages("ffmpeg=7:5.1.9-0+deb12u1", "jq"));
    expect(layers.map(({ id }) => id)).toEqual(["packages-ffmpeg", "packages"]);
  });

  test("names of object members are names like any other", () => {
    expect(orderLayers(packages("constructor", "valueof"))).toHaveLength(1);
  });

  test("the order in which they come does not matter", () => {
    const names = ["tree", "imagemagick", "jq", "ffmpeg", "chromium", "sox"];
    const expected = orderLayers(packages(...names));
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (shuffled) => {
        expect(orderLayers(packages(...shuffled))).toEqual(expected);
      }),
    );
  });
});

describe("trees", () => {
  test("one a layer", () => {
    const layers = orderLayers({ ...nothing, trees: trees(3) });
    expect(layers.map(({ id }) => id)).toEqual(["tree-t0000", "tree-t0001", "tree-t0002"]);
  });

  test("share layers where there are more than an engine can stack, and none is lost", () => {
    for (const count of [1, 79, 80, 81, 200, 1000]) {
      const layers = orderLayers({
        ...packages("jq"),
        trees: trees(count),
        links: [{ path: "/l", target: "/t", requestedBy: [asker] }],
      });
      expect(layers.length).toBeLessThanOrEqual(80);
      const copied = layers.flatMap((layer) => (layer.kind === "trees" ? layer.trees : []));
      expect(new Set(copied.map(({ path }) => path)).size).toBe(count);
      expect(copied).toHaveLength(count);
    }
  });
});

test("all kinds, in the order of how often they change", () => {
  const layers = orderLayers({
    packages: new Map([["jq", [asker]]]),
    trees: trees(1),
    links: [{ path: "/usr/local/bin/b", target: "/opt/skills/t/bin/b", requestedBy: [asker] }],
    files: [{ source: "s", target: "/t", mode: 0o644, sha256: "0" }],
    user: { user: { name: "u", uid: 1000, gid: 1000, home: "/home/u" }, writable: ["/b", "/a", "/b"] },
    definition: asker,
  });
  expect(layers.map(({ kind }) => kind)).toEqual(["packages", "trees", "links", "files", "user"]);
  expect(layers.at(-1)).toMatchObject({ writable: ["/a", "/b"] });
  expect(layers.map(({ requestedBy }) => requestedBy)).toEqual(Array(5).fill([asker]));
});
