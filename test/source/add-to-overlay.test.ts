import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import JSON5 from "json5";
import { describe, expect, test } from "vitest";
import { type AddedRequires, addToOverlay } from "../../src/source/add-to-overlay.ts";
import { changeOverlay } from "../../src/source/change-overlay.ts";
import { overlayTemplate } from "../../src/source/overlay-template.ts";
import { parseOverlay } from "../../src/source/parse-overlay.ts";
import { tempFolder } from "../support/temp-folder.ts";

const added: AddedRequires = { bins: ["jq", "rg"], python: [{ import: "docx", package: "python-docx" }] };

describe("requirements are added to an overlay", () => {
  const texts: readonly (readonly [string, string])[] = [
    ["empty", "{}"],
    ["empty over lines", "{\n}\n"],
    ["no skills", '{ bins: { x: { kind: "apt", package: "x" } } }'],
    ["no skills, with comments", "// a\n{\n  // b\n  ecosystems: { deny: ['brew'] }, // c\n} // d\n"],
    ["empty skills", "{ skills: {} }"],
    ["skills with a comment only", "{\n  skills: {\n    // nothing: {},\n  },\n}"],
    ["another skill", '{ skills: { other: { ignore: { bins: ["x"] } } } }'],
    ["the skill, empty", '{ "skills": { "mine": {} } }'],
    ["the skill, without requirements", "{ skills: { mine: { ignore: { bins: ['brew'] } /* a */ } } }"],
    ["empty requirements", "{ skills: { mine: { requires: {\n} } } }"],
    ["empty lists", "{ skills: { mine: { requires: { bins: [], python: [ // none\n] } } } }"],
    [
      "lists",
      "{ skills: { mine: { requires: { bins: ['x' /* ] */, \"y\"], python: [{ import: 'a' }] } } } }",
    ],
    ["lists with last commas", "{skills:{'mine':{requires:{bins:['x', // ]\n 'y', // y\n],},},},}"],
    [
      "texts with braces and quotes",
      "{ skills: { 'mi}ne': {}, mine: { install: [{ kind: 'apt', package: 'x\\'}' }] } } }",
    ],
    ["the template", overlayTemplate],
  ];
  test.each(texts)("%s", (_, text) => {
    const changed = addToOverlay(
      text,
      new Map([
        ["mine", added],
        ["new one", { node: ["docx"] }],
      ]),
    );
    const before = JSON5.parse(text);
    const after = JSON5.parse(changed);
    const requires = before.skills?.mine?.requires ?? {};
    expect(after).toEqual({
      ...before,
      skills: {
        ...before.skills,
        mine: {
          ...before.skills?.mine,
          requires: {
            ...requires,
            bins: [...(requires.bins ?? []), "jq", "rg"],
            python: [...(requires.python ?? []), { import: "docx", package: "python-docx" }],
          },
        },
        "new one": { requires: { node: ["docx"] } },
      },
    });
    expect(commentsOf(changed)).toEqual(commentsOf(text));
    expect(linesOf(changed)).toEqual(
      expect.arrayContaining(linesOf(text).filter((line) => line.startsWith("//"))),
    );
  });

  test("in a style of its own", () => {
    expect(addToOverlay("{\n  skills: {\n  },\n}\n", new Map([["mine", added]]))).toBe(`{
  skills: {
    "mine": {
      requires: {
        bins: ["jq", "rg"],
        python: [{ import: "docx", package: "python-docx" }],
      },
    },
  },
}
`);
  });

  test("a skill may have any name that is no key of JavaScript's own", () => {
    const names = ['quo"te', "back`slash", "日本 語", "a:b", "0", "requires"];
    const changed = addToOverlay("{}", new Map(names.map((name) => [name, { bins: ["jq"] }])));
    expect(new Set(Object.keys(JSON5.parse(changed).skills))).toEqual(new Set(names));
    expect(parseOverlay(changed, "/x").diagnostics).toEqual([]);
  });
});

function commentsOf(text: string): number {
  return (text.match(/\/\/|\/\*/g) ?? []).length;
}

function linesOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim());
}

describe("the file of an overlay", () => {
  test("begins as init writes it, keeps its mode, and is replaced whole", () => {
    const dir = tempFolder();
    const file = join(dir, "skillcrate.json5");
    const add = (text: string) => addToOverlay(text, new Map([["mine", { bins: ["jq"] }]]));
    changeOverlay(file, add);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readFileSync(file, "utf8")).toContain("Editors complete and check");
    writeFileSync(file, "{}", { mode: 0o600 });
    const { ino } = statSync(file);
    changeOverlay(file, add);
    expect(JSON5.parse(readFileSync(file, "utf8"))).toEqual({
      skills: { mine: { requires: { bins: ["jq"] } } },
    });
    expect(statSync(file).ino).not.toBe(ino);
    expect(readdirSync(dir)).toEqual(["skillcrate.json5"]);
  });

  test("behind a link is changed where it is", () => {
    const [dir, elsewhere] = [tempFolder(), tempFolder()];
    writeFileSync(join(elsewhere, "own.json5"), "{}");
    symlinkSync(join(elsewhere, "own.json5"), join(dir, "skillcrate.json5"));
    changeOverlay(join(dir, "skillcrate.json5"), () => "{ bins: {} }");
    expect(readFileSync(join(elsewhere, "own.json5"), "utf8")).toBe("{ bins: {} }");
  });

  test("with an error, before or after, stays as it is", () => {
    const file = join(tempFolder(), "skillcrate.json5");
    for (const [before, after] of [
      ["{", "{}"],
      ["{ skills: [] }", "{}"],
      ["{}", '{ skills: { a: { requires: { bins: ["a b"] } } } }'],
    ] as const) {
      writeFileSync(file, before);
      expect(() => changeOverlay(file, () => after)).toThrow(
        expect.objectContaining({ code: "INPUT_INVALID" }),
      );
      expect(readFileSync(file, "utf8")).toBe(before);
    }
  });
});
