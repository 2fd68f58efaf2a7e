import { describe, expect, it } from "vitest";
import { parseText, shown, withHead } from "./parse-text.ts";

const fields =
  '{"requires":{"bins":["jq","curl"],"anyBins":["node","bun"],"env":["A_KEY"],"config":["channels.x"]}}';
const requires = { bins: ["jq", "curl"], anyBins: ["node", "bun"], env: ["A_KEY"], config: ["channels.x"] };

describe("metadata means the same", () => {
  const json = `{"openclaw":${fields}}`;
  const pretty = JSON.stringify(JSON.parse(json), null, 2).split("\n");
  it.each<[string, readonly string[], readonly string[]]>([
    ["as one line of JSON", [`metadata: ${json}`], []],
    ["as indented lines of JSON", ["metadata:", ...pretty.map((line) => `  ${line}`)], []],
    [
      "with commas at the ends",
      ["metadata:", ...pretty.map((line) => `  ${line.replace(/([\]}"])$/, "$1,")}`)]
        .slice(0, -1)
        .concat("  }"),
      [],
    ],
    ["with comments of YAML", ["metadata:", ...pretty.map((line) => `  ${line} # note`)], []],
    [
      "with comments of JSON5",
      ["metadata:", ...pretty.map((line) => `  ${line} // it's a note`)],
      ["warning SKILL_FLOW_JSON5 5:3"],
    ],
    [
      "with tabs",
      ["metadata:", ...pretty.map((line) => line.replaceAll("  ", "\t")), "license: MIT"],
      ["warning SKILL_TABS 6:1"],
    ],
    ["in the first column", ["metadata:", ...pretty], ["warning SKILL_FLOW_INDENT 5:1"]],
    ["as a quoted string", [`metadata: '${json}'`], []],
    ["as a string with escapes", [`metadata: ${JSON.stringify(json)}`], []],
    ["as a block of JSON5", ["metadata: |", "  { // note", `    openclaw: ${fields},`, "  }"], []],
    ["as a folded block", ["metadata: >-", ...pretty.map((line) => `  ${line.trim()}`)], []],
    [
      "without quotes",
      [
        "metadata: {openclaw: {requires: {bins: [jq, curl], anyBins: [node, bun], env: [A_KEY], config: [channels.x]}}}",
      ],
      [],
    ],
    [
      "as blocks",
      [
        "metadata:",
        "  openclaw:",
        "    requires:",
        "      bins: [jq, curl]",
        "      anyBins:",
        "      - node",
        "      - bun",
        "      env: A_KEY",
        '      config: "channels.x"',
      ],
      [],
    ],
    [
      "with lists in one string",
      [
        'metadata: {"openclaw":{"requires":{"bins":"jq, curl","anyBins":"node,bun","env":"A_KEY","config":"channels.x,"}}}',
      ],
      [],
    ],
  ])("%s", (_, lines, diagnostics) => {
    const skill = parseText(withHead(...lines));
    expect(shown(skill)).toEqual(diagnostics);
    expect(skill).toMatchObject({ namespace: "openclaw", requires });
  });

  it.each<[string, readonly string[], number, number]>([
    ["in a quoted string", [`metadata: '{"openclaw":{"requires":{"env":["it''s","b!"]}}}'`], 4, 52],
    [
      "in a string with escapes",
      ['metadata: "{\\"openclaw\\":{\\"requires\\":{\\"env\\":[\\"a b\\",\\"b!\\"]}}}"'],
      4,
      58,
    ],
    [
      "in a block",
      ["metadata: |", "", "   {openclaw:", "    {requires: {env: ['a b',", "      'b!']}}}"],
      8,
      7,
    ],
    ["in a folded block", ["metadata: >", "  {openclaw:", "  {requires: {env: ['a b', 'b!']}}}"], 6, 28],
    ["in a comma-separated string", ['metadata: {"openclaw":{"requires":{"env":"a b, b!"}}}'], 4, 48],
  ])("and its faults have their own place %s", (_, lines, line, column) => {
    const skill = parseText(withHead(...lines));
    expect(skill.diagnostics.at(-1)).toMatchObject({
      code: "SKILL_ENV_NAME_INVALID",
      message: expect.stringContaining('"b!"'),
      place: { line, column },
    });
  });
});
