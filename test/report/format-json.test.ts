import fc from "fast-check";
import { expect, test } from "vitest";
import { formatJson } from "../../src/report/format-json.ts";

test("whatever is written reads back as the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0 as const, 2 as const), (value, indent) => {
      expect(JSON.parse(formatJson(value, indent))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("no character that moves a cursor or hides text is written as itself", () => {
  const value = { name: "a\u001b[31m\u007f\u0085\u009b\u200b\u202e\u2028\u2066\ufeff\u{e0041}\ud800z" };
  const text = formatJson(value, 2);
  expect(text.replaceAll("\n", "")).toMatch(/^[\u0020-\u007e]*$/);
  expect(JSON.parse(text)).toEqual(value);
});

test("without indent it is one line", () => {
  expect(formatJson({ a: ["b\nc", 1] }, 0)).not.toContain("\n");
});
