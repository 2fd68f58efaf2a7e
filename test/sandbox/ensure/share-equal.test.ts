import fc from "fast-check";
import { expect, test } from "vitest";
import { shareEqual } from "../../../src/sandbox/ensure/share-equal.ts";

const model = {
  name: "one",
  env: ["HOME=/workspace/home", "USER=sandbox"],
  mounts: [{ source: "/one", options: { propagation: "rprivate" } }],
  setup: null,
};
const another = {
  ...structuredClone(model),
  name: "two",
  mounts: [{ ...structuredClone(model.mounts[0]), source: "/two" }],
};

test("what equals the model is the model", () => {
  expect(shareEqual(structuredClone(model), model)).toBe(model);
});

test("what differs is its own, and what is equal beside it and in it is the model's", () => {
  const shared = shareEqual(another, model);
  expect(shared).toEqual(another);
  expect(shared.env).toBe(model.env);
  expect(shared.mounts[0]?.options).toBe(model.mounts[0]?.options);
});

test("without a model, and beside another kind of value, it is as it was", () => {
  expect(shareEqual(another, undefined)).toEqual(another);
  expect(shareEqual({ env: ["a"] }, { env: { 0: "a" } })).toEqual({ env: ["a"] });
  expect(shareEqual({ env: { 0: "a" } }, { env: ["a"] })).toEqual({ env: { 0: "a" } });
});

test("what is no plain data is left alone", () => {
  const at = new Date(0);
  expect(shareEqual({ at }, { at: new Date(0) }).at).toBe(at);
});

test("nothing is told otherwise than it was, to the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
      const mixed = { value, both: [value, other] };
      const shared = shareEqual(mixed, { value: other, both: [value, value] });
      expect(JSON.stringify(shared)).toBe(JSON.stringify(mixed));
      expect(shared).toEqual(mixed);
    }),
  );
});
