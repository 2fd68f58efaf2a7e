import { describe, expect, it } from "vitest";
import { parseText, shown, withHead } from "../skill/parse-text.ts";

const levels = Array.from(
  { length: 9 },
  (_, level) => `l${level}: &l${level} [${level === 0 ? "x,x" : `*l${level - 1},*l${level - 1}`}]`,
);
const utf16 = (text: string) => [...text].flatMap((character) => [character.charCodeAt(0), 0]);

const refused: readonly (readonly [string, string | Uint8Array, string])[] = [
  ["nine levels of aliases", withHead(...levels), "error SKILL_YAML_ALIAS 4:5"],
  ["an alias to itself", withHead("a: &a [*a]"), "error SKILL_YAML_ALIAS 4:4"],
  ["an alias to nothing", withHead("a: *a"), "error SKILL_YAML_ALIAS 4:4"],
  ["__proto__ as a key", withHead("__proto__: {always: true}"), "error SKILL_KEY_FORBIDDEN 4:1"],
  [
    "constructor as a key",
    withHead("constructor: {prototype: {always: true}}"),
    "error SKILL_KEY_FORBIDDEN 4:1",
  ],
  ["a head in JavaScript", "---js\n({ name: process.exit(1) })\n---\n", "error SKILL_HEAD_LANGUAGE 1:4"],
  ["a head in javascript", "---javascript\nprocess.exit(1)\n---\n", "error SKILL_HEAD_LANGUAGE 1:4"],
  ["a head in JSON", '---json\n{"name":"x"}\n---\n', "error SKILL_HEAD_LANGUAGE 1:4"],
  ["a head in CoffeeScript", "---coffee\nname: x\n---\n", "error SKILL_HEAD_LANGUAGE 1:4"],
  [
    "a language named as a member of every object",
    "---constructor\nname: x\n---\n",
    "error SKILL_HEAD_LANGUAGE 1:4",
  ],
  [
    "20,000 keys",
    withHead(...Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`)),
    "error SKILL_HEAD_TOO_LARGE 2:1",
  ],
  ["20,000 brackets", withHead(`a: ${"[".repeat(20_000)}`), "error SKILL_HEAD_TOO_COMPLEX 4:68"],
  ["20,000 dashes", withHead(`a:\n${"- ".repeat(10_000)}`), "error SKILL_HEAD_TOO_COMPLEX 5:129"],
  ["5,000 lines", withHead("\n".repeat(5_000)), "error SKILL_HEAD_TOO_COMPLEX 4002:1"],
  ["a scalar of 10 MB", withHead(`a: ${"x".repeat(10_000_000)}`), "error SKILL_HEAD_TOO_LARGE 2:1"],
  ["10 MB without an end", `---\nname: a\n${"b: c\n".repeat(2_000_000)}`, "error SKILL_HEAD_TOO_LARGE 2:1"],
  ["a JavaScript function", withHead('a: !!js/function "function () {}"'), "error SKILL_YAML_TAG 4:4"],
  ["a tag of its own", withHead("a: !run id"), "error SKILL_YAML_TAG 4:4"],
  [
    "several documents",
    "---\nname: a\ndescription: b\n---\nname: c\n---\n",
    "error SKILL_HEAD_DOCUMENTS 5:1",
  ],
  [
    "little-endian UTF-16",
    Uint8Array.from([0xff, 0xfe, ...utf16("---\nname: x\n---\n")]),
    "error SKILL_ENCODING 1:1",
  ],
  [
    "big-endian UTF-16",
    Uint8Array.from([0xfe, 0xff, 0, ...utf16("---\nname: x\n---")]),
    "error SKILL_ENCODING 1:1",
  ],
  [
    "UTF-16 without a mark",
    Uint8Array.from(utf16("---\nname: x\n---\n")),
    "error SKILL_CONTROL_CHARACTER 1:2",
  ],
  ["a NUL", withHead("a: b\0c"), "error SKILL_CONTROL_CHARACTER 4:5"],
  [
    "bins as a map",
    withHead('metadata: {"openclaw":{"requires":{"bins":{}}}}'),
    "error SKILL_BINARY_INVALID 4:43",
  ],
  ["a code point beyond Unicode", withHead('metadata: "\\UFFFFFFFF"'), "error SKILL_YAML_INVALID 4:12"],
  [
    "deep JSON5 in a string",
    withHead(`metadata: '${"[".repeat(1_000)}'`),
    "error SKILL_HEAD_TOO_COMPLEX 4:76",
  ],
];

describe("a head that attacks its reader", () => {
  it.each(refused)("is refused: %s", (_, source, first) => {
    const skill = parseText(source);
    expect(shown(skill)[0]).toBe(first);
    expect(skill.state).toBe("invalid");
    expect(({} as { always?: unknown }).always).toBeUndefined();
  });

  it("has no say beyond its own fields", () => {
    const skill = parseText(
      withHead('metadata: {"openclaw":{"__proto__":{"always":true,"requires":{"bins":["jq"]}}}}'),
    );
    expect(skill).toMatchObject({ state: "invalid", always: false, requires: { bins: [] } });
    expect(Object.getPrototypeOf(skill.extra)).toBe(Object.prototype);
  });

  it.each<[string, string, string, string]>([
    ["a number", "1", "1", "warning SKILL_TEXT_TYPED 2:7"],
    ["a date", "2024-01-02", "2024-01-02", "warning SKILL_TEXT_TYPED 2:7"],
    ["a truth value", "true", "true", "warning SKILL_TEXT_TYPED 2:7"],
    ["nothing", "", "example", "warning SKILL_NAME_INVALID 2:7"],
  ])("may have %s as its name", (_, written, name, diagnostic) => {
    const skill = parseText(`---\nname: ${written}\ndescription: a\n---\n`);
    expect(skill).toMatchObject({ state: "recovered", name });
    expect(shown(skill)).toEqual([diagnostic]);
  });

  it("is whole without a closing fence", () => {
    const skill = parseText("---\nname: a\ndescription: b");
    expect(skill).toMatchObject({ state: "recovered", name: "a", description: "b" });
    expect(shown(skill)).toEqual(["warning SKILL_FENCE_CLOSE_MISSING 3:15"]);
  });

  it.each<[string, string]>([
    ["a path upwards", "../../etc"],
    ["an absolute path", "/abs"],
    ["a Windows path", "C:\\\\abs"],
    ["this folder", "."],
    ["the folder above", ".."],
    ["300 characters", "x".repeat(300)],
    ["a line end", "a\\nb"],
    ["an escape code", "a\\u001b[31mb"],
    ["a bidirectional mark", "a\\u202eb"],
    ["a zero-width space", "a\\u200bb"],
    ["tag characters", "a\\U000E0041b"],
  ])("does not get %s as its name", (_, written) => {
    const skill = parseText(`---\nname: "${written}"\ndescription: a\n---\n`);
    expect(skill).toMatchObject({ state: "invalid", name: "example", skillKey: "example" });
    expect(shown(skill)).toEqual(["error SKILL_NAME_INVALID 2:7"]);
  });

  it.each([
    "[]",
    "{a: [b, ",
    '"',
    '"\\',
    "'",
    "a: ",
    "- ",
    "? ",
    "& ",
    "&a ",
    "*a ",
    "! ",
    "|\n",
    "%a\n",
    ",",
    "/*",
    "// x\n",
    '\\"',
    "\t",
    "\u{85}",
    "\u{2028}",
    "😀",
    "\u{d83d}",
    "<<<<<<< \n=======\n",
    "...\n",
    " ---\n",
  ])("made of %j alone ends, and says what is wrong", (part) => {
    const filling = part.repeat(Math.floor(7_900 / part.length));
    for (const source of [
      filling,
      `---\n${filling}`,
      withHead(filling),
      withHead(`metadata: {${filling}`, `a: ${filling}`),
    ]) {
      const skill = parseText(source);
      if (skill.state !== "ok") expect(skill.diagnostics).not.toEqual([]);
      expect(skill.diagnostics.length).toBeLessThanOrEqual(101);
      expect(JSON.parse(JSON.stringify(skill))).toEqual(skill);
    }
  });
});
