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
    ["name: 1", false],
    ["name: 0x1F", false],
    ["name: 1e5", false],
    ["name: .5", false],
    ["name: ~", false],
    ["name: null", false],
    ["name: True", false],
    ["name: 'a'", false],
    ["name: *a", false],
    ["name: &a b", false],
    ["name: !a b", false],
    ["name: @a", false],
    ["name: - a", false],
    ["name:", false],
    ["name: [a]", false],
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

function key(): fc.Arbitrary<string> {
  return fc.constantFrom("name", "description", "user-invocable", "a_b", "Z9", "metadata");
}
