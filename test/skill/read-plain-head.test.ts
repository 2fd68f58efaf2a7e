import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFindings } from "../../src/skill/findings.ts";
import type { HeadNode } from "../../src/skill/head-node.ts";
import { readPlainHead } from "../../src/skill/read-plain-head.ts";
import { parseYaml, yamlNodes } from "../../src/skill/read-yaml.ts";

interface Reading {
  readonly head: HeadNode | null;
  readonly diagnostics: unknown;
}

function readQuickly(text: string): Reading {
  const findings = createFindings("SKILL.md", text);
  return { head: readPlainHead(0, text.length, findings), diagnostics: findings.list() };
}

function readFully(text: string): Reading {
  const findings = createFindings("SKILL.md", text);
  const yaml = parseYaml(text, 0);
  expect(yaml.faults).toEqual([]);
  return { head: yamlNodes(yaml, findings), diagnostics: findings.list() };
}

describe("the quick reading of a head", () => {
  it("is the YAML parser's, with every place, wherever it dares", () => {
    let dared = 0;
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.constantFrom("\n", "\r\n"),
        (lines, end) => {
          const text = lines.map((each) => each + end).join("");
          const quick = readQuickly(text);
          if (quick.head === null) return;
          dared++;
          expect(quick).toEqual(readFully(text));
        },
      ),
      { numRuns: 10_000 },
    );
    expect(dared).toBeGreaterThan(1_000);
  });

  it("is so for what stands below other lines, too", () => {
    let dared = 0;
    fc.assert(
      fc.property(nested, fc.constantFrom("\n", "\r\n"), (lines, end) => {
        const text = lines.map((each) => each + end).join("");
        const quick = readQuickly(text);
        if (quick.head === null) return;
        if (lines.some((each) => each.startsWith(" ") || each.endsWith(":"))) dared++;
        expect(quick, JSON.stringify(text)).toEqual(readFully(text));
      }),
      { numRuns: 10_000 },
    );
    expect(dared).toBeGreaterThan(1_000);
  });

  it.each([
    ["name: a", true],
    ["# note\nname: a b (c), d/e - f; g!  \n", true],
    ['description: "a: b \\u0041\\n"', true],
    ['metadata: {"openclaw":{"requires":{"bins":["jq"]}}}', true],
    ["version: 1.0.0\nurl: https://a.example/#b", true],
    ["name: a\n  b", false],
    ["name: a: b", false],
    ["name: a #b", false],
    ["name: a:", false],
    ["name: 1", true],
    ["name: 01", false],
    ["name: 1.5", false],
    ["name: true", true],
    ["name: 0x1F", false],
    ["name: 1e5", false],
    ["name: .5", false],
    ["name: ~", false],
    ["name: null", false],
    ["name: True", false],
    ["name: 'a: b # c'", true],
    ["name: 'a''b'", false],
    ["name: 'a' b", false],
    ["name: *a", false],
    ["name: &a b", false],
    ["name: !a b", false],
    ["name: @a", false],
    ["name: - a", false],
    ["name:", false],
    ["name: [a]", true],
    ["name: [a, b-c,d.e]", true],
    ["name: [a, true]", false],
    ["name: [a, 1]", false],
    ["name: [a b]", false],
    ["name: [a,]", false],
    ["name: [a,  b]", false],
    ["a:\n  b: c\n  d:\n    - e\n    - f: g\n      h: i\nj: k", true],
    ["a:\n- b\n- c\nd: e", true],
    ["a:\n  - b\n  c: d", false],
    ["a:\n  b: c\n d: e", false],
    ["a:\n  - - b", false],
    ["a: b\n  c: d", false],
    ["a:\n  b\nc: d", false],
    ["a: >\n  b c\n  d # e\nf: g\n", true],
    ["a: |-\n    b: c\n    - d\n\nf: g\n", true],
    ["a: >\n  b\n\n  c\n", false],
    ["a: >\n  b\n    c\n", false],
    ["a: >\n  b", false],
    ["a: >\n\n  b\n", false],
    ["a: >+\n  b\n", false],
    ["a: |2\n  b\n", false],
    ["a: >\nb: c\n", false],
    ["name: a\nname: b", false],
    ["- name: a", false],
    ["", false],
  ])("of %j happens: %s", (text, happens) => {
    expect(readQuickly(text).head !== null).toBe(happens);
  });
});

const oddParts = fc.constantFrom(
  ...'a|b1|1|1.0|1.0.0|0x1|1e5|.5|-1|+1|true|False|null|~|yes|2024-01-02|:|: |a:b|a: b|#|a#b| #c|- |? |,|[|]|{|}|&a|*a|!a|@|`|%|\'|"|\\|\t| |  |…|☔|\u{85}|\u{a0}|\u{2028}|\u{3000}|\u{feff}|日本|/|(|.|...|<<|=|>|\\||{"a":1}|{"a":{"b":[1,"c"]}}|{"a":1,"a":2}|["\\u00e9\\/"]|"q\\n"|"q" r'.split(
    "|",
  ),
);

const words = fc.oneof(oddParts, fc.constantFrom("plain", "words", "x1", " and ", "more", ", ", "(y)", "/z"));

const line = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(key(), fc.array(words, { minLength: 1, maxLength: 4 }))
      .map(([name, parts]) => `${name}: ${parts.join("")}`),
  },
  { weight: 1, arbitrary: fc.constantFrom("# note", "", "  a", "a", "- a", "\ta: b") },
);

const leaf = fc.oneof(
  { weight: 1, arbitrary: fc.array(words, { minLength: 1, maxLength: 2 }).map((parts) => parts.join("")) },
  {
    weight: 6,
    arbitrary: fc.constantFrom("word", "two words", "'a: #'", "true", "12", "[a, b]", "[a,b.c]", '{"a":[1]}'),
  },
);

/** The lines of a value, each after its own columns; one that stands where its key is, where it is a single line. */
const { map } = fc.letrec<{ block: readonly string[]; map: readonly string[] }>((tie) => ({
  block: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    tie("map"),
    fc
      .array(
        fc.oneof(
          leaf.map((text) => [text]),
          tie("map"),
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map((items) =>
        items.flatMap(([first = "", ...rest]) => [`- ${first}`, ...rest.map((text) => `  ${text}`)]),
      ),
  ),
  map: fc
    .uniqueArray(
      fc.tuple(
        key(),
        fc.oneof(
          leaf.map((text): readonly string[] => [` ${text}`]),
          fc
            .tuple(
              fc.constantFrom(">", "|", ">-", "|-", "|+"),
              fc.array(leaf, { minLength: 1, maxLength: 3 }),
            )
            .map(([head, lines]): readonly string[] => [` ${head}`, ...lines.map((text) => `  ${text}`)]),
          fc
            .tuple(fc.constantFrom("", "  ", "    "), tie("block"))
            .map(([columns, lines]): readonly string[] => ["", ...lines.map((text) => columns + text)]),
        ),
      ),
      { minLength: 1, maxLength: 3, selector: ([name]) => name },
    )
    .map((entries) => entries.flatMap(([name, [first = "", ...rest]]) => [`${name}:${first}`, ...rest])),
}));

/** Now and then a line that was not expected. */
const nested = fc
  .tuple(map, fc.option(fc.tuple(fc.nat(9), fc.constantFrom("", "# note", "  ", " a", "a", "- a", "\ta: b"))))
  .map(([lines, odd]) => (odd === null ? lines : lines.toSpliced(odd[0], 0, odd[1])));

function key(): fc.Arbitrary<string> {
  return fc.constantFrom("name", "description", "user-invocable", "a_b", "Z9", "metadata");
}
