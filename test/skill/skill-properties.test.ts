import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Skill } from "../../src/skill/skill.ts";
import { parseText, withHead } from "./parse-text.ts";

/** What holds for every skill, whatever its file held. */
function expectSound(skill: Skill, text: string): void {
  expect(JSON.parse(JSON.stringify(skill))).toEqual(skill);
  // A lone return ends a line too.
  const lines = text.replaceAll(/\r(?!\n)/g, "\n").split("\n");
  for (const place of [
    ...skill.diagnostics.map((diagnostic) => diagnostic.place),
    ...Object.values(skill.places),
  ]) {
    const line = lines[(place?.line ?? 0) - 1];
    expect(line).toBeDefined();
    expect(place?.column).toBeGreaterThanOrEqual(1);
    expect(place?.column).toBeLessThanOrEqual((line?.length ?? 0) + 1);
  }
  const worst = new Set(skill.diagnostics.map(({ severity }) => severity));
  expect(skill.state).toBe(worst.has("error") ? "invalid" : worst.has("warning") ? "recovered" : "ok");
  for (const bin of [
    ...skill.requires.bins,
    ...skill.requires.anyBins,
    ...skill.install.flatMap(({ bins }) => bins),
  ]) {
    expect(bin).toMatch(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/);
  }
}

describe("parsing", () => {
  it("takes any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom("", "---\n", "\u{feff}---\n"),
        (tail, start) => {
          const bytes = Uint8Array.from([...new TextEncoder().encode(start), ...tail]);
          const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).replace(/^\u{feff}/u, "");
          if (bytes[0] === 0xff || bytes[0] === 0xfe) return;
          expectSound(parseText(bytes), text);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("takes any text", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.boolean(), (pieces, isOpened) => {
        const text = `${isOpened ? "---\n" : ""}${pieces.join("")}`;
        expectSound(parseText(text), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes a good file that was damaged anywhere", () => {
    fc.assert(
      fc.property(fc.nat(goodFile.length), fc.nat(12), piece, (start, length, inserted) => {
        const text = goodFile.slice(0, start) + inserted + goodFile.slice(start + length);
        expectSound(parseText(text), text);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps every requirement of a head, however it is written", () => {
    fc.assert(
      fc.property(requirements, style, (wanted, write) => {
        const text = withHead(...write(wanted));
        const { requires, os, primaryEnv, state, places } = parseText(text);
        expect({ requires, os, primaryEnv }).toEqual(wanted);
        expect(state).toBe("ok");
        for (const field of ["bins", "anyBins", "env", "config"] as const) {
          for (const [index, name] of requires[field].entries()) {
            const place = places[`requires.${field}.${index}`];
            const rest = text.split("\n")[(place?.line ?? 0) - 1]?.slice((place?.column ?? 0) - 1);
            expect(rest?.replace(/^\\?["']/, "").startsWith(name)).toBe(true);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps every name or shows it in an error", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(binary, fc.string({ maxLength: 12 })), { maxLength: 6 }), (names) => {
        const skill = parseText(
          withHead(`metadata: ${JSON.stringify({ openclaw: { requires: { bins: names } } })}`),
        );
        const kept = new Set(skill.requires.bins);
        for (const name of names.flatMap((each) => (each.includes(",") ? each.split(",") : [each]))) {
          const isShown = skill.diagnostics.some(({ severity }) => severity === "error");
          expect(kept.has(name.trim()) || isShown || name.trim() === "").toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const piece = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 6 }) },
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ..."---|\n|\n---\n|\r\n|name: |description: |metadata: |openclaw|requires|bins|install|kind|: |:|,|{|}|[|]|\"|'|\\|\t| |  |- |? |# |//|/* |*/|&a |*a|!x |>|>-|%YAML 1.1\n|...\n|<<<<<<< a\n|=======\n|>>>>>>> b\n|null|true|1|1e5|~|<<: |__proto__|`|@|x|\0|\u{feff}|😀|\u{d83d}|\u{2028}|\u{85}|\\u0041|\\U0010FFFF|\\x".split(
        "|",
      ),
      "|",
      "|\n",
      '{"openclaw":{"requires":{"bins":["jq"]}}}',
    ),
  },
);

const goodFile = withHead(
  "homepage: https://a.example/",
  "tags: [a, b]",
  "metadata:",
  "  {",
  '    "openclaw":',
  '      { "emoji": "☔", "os": ["linux"], "requires": { "bins": ["jq"], "env": ["A"] },',
  '        "install": [{ "kind": "apt", "package": "jq", "bins": ["jq"] }] },',
  "  }",
);

const binary = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,10}$/);
const variable = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/);
const configPath = fc
  .stringMatching(/^[a-z]{1,5}(\.[a-z0-9-]{1,5}){0,3}$/)
  .filter((path) => !path.includes("constructor"));

interface Wanted {
  readonly requires: Skill["requires"];
  readonly os: Skill["os"];
  readonly primaryEnv: string;
}

const requirements: fc.Arbitrary<Wanted> = fc.record({
  requires: fc.record({
    bins: fc.uniqueArray(binary, { maxLength: 4 }),
    anyBins: fc.uniqueArray(binary, { maxLength: 4 }),
    env: fc.uniqueArray(variable, { maxLength: 4 }),
    config: fc.uniqueArray(configPath, { maxLength: 3 }),
  }),
  os: fc.uniqueArray(fc.constantFrom("darwin" as const, "linux" as const, "win32" as const)),
  primaryEnv: variable,
});

/** Ways to write the same metadata. */
const style: fc.Arbitrary<(wanted: Wanted) => string[]> = fc
  .tuple(fc.constantFrom("openclaw", "clawdbot", "moltbot", "clawdis"), fc.nat(5))
  .map(([namespace, way]) => (wanted) => {
    const json = JSON.stringify({ [namespace]: wanted });
    const pretty = JSON.stringify({ [namespace]: wanted }, null, 2);
    switch (way) {
      case 0:
        return [`metadata: ${json}`];
      case 1:
        return ["metadata:", ...pretty.split("\n").map((line) => `  ${line}`)];
      case 2:
        return [`metadata: '${json}'`];
      case 3:
        return [`metadata: ${JSON.stringify(json)}`];
      case 4:
        return ["metadata: |-", ...pretty.split("\n").map((line) => `  ${line}`)];
      default:
        return ["metadata:", `  ${namespace}:`, ...asBlocks(wanted)];
    }
  });

function asBlocks({ requires, os, primaryEnv }: Wanted): string[] {
  const list = (names: readonly string[], indent: string) =>
    names.length === 0 ? [`${indent}  []`] : names.map((name) => `${indent}- "${name}"`);
  return [
    "    os:",
    ...list(os, "      "),
    `    primaryEnv: "${primaryEnv}"`,
    "    requires:",
    ...Object.entries(requires).flatMap(([field, names]) => [`      ${field}:`, ...list(names, "        ")]),
  ];
}
