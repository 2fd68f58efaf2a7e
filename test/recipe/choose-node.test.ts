import { expect, test } from "vitest";
import { chooseNode, nodeAt, nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { npmPins } from "../../src/recipe/npm-pins.ts";

test.each([undefined, "*", ">=18", "^20.19.0 || ^22.13.0 || >=24", nodeRuntime.version])(
  "%s is met by the Node of all others",
  (range) => {
    expect(chooseNode(range)).toBe(nodeRuntime);
  },
);

test.each([
  ["<24", /^22\./],
  ["^20.17.0 || ^22.9.0", /^22\./],
  ["20.x", /^20\./],
  [">=25", /^26\./],
])("%s gets the newest that fits", (range, version) => {
  const runtime = chooseNode(range);
  expect(runtime?.version).toMatch(version);
  expect(runtime).toEqual(nodeAt(runtime?.version ?? ""));
});

test.each(["<18", ">=99", "nonsense"])("%s gets none", (range) => {
  expect(chooseNode(range)).toBeNull();
});

test("every pinned package has a Node", () => {
  for (const [name, { node }] of npmPins) expect(chooseNode(node), name).not.toBeNull();
});
