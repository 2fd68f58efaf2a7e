import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../src/plan/canonical-json.ts";
import { hashValue } from "../../src/plan/hash-value.ts";

test("keys are sorted by code unit at every depth, lists keep their order", () => {
  expect(canonicalJson({ b: [{ z: 1, Z: null }, "x"], a: true, ä: undefined })).toBe(
    '{"a":true,"b":[{"Z":null,"z":1},"x"]}',
  );
});

test("any JSON value comes back the same, and its hash does not depend on the order of keys", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      // Not minus zero, which JSON has no text for.
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      expect(hashValue(reversed(plain))).toBe(hashValue(plain));
    }),
  );
});

test("a hash is that of the text", () => {
  expect(hashValue({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
  return Object.fromEntries(entries.reverse());
}
