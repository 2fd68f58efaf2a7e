import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { escapeText } from "../../src/diagnostic/quote-value.ts";
import { fieldRows } from "./field-rows.ts";
import { headRows } from "./head-rows.ts";
import { parseText, shown } from "./parse-text.ts";
import { valueRows } from "./value-rows.ts";

const rows = [...headRows, ...fieldRows, ...valueRows];

describe("a diagnostic", () => {
  it.each(rows.map((row) => [row.code, row.when, row] as const))("%s: %s", (code, _, row) => {
    const skill = parseText(row.source);
    expect(shown(skill)).toEqual(row.shown);
    expect(skill.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    if (row.skill !== undefined) expect(skill).toMatchObject(row.skill);
    for (const { message, hint } of skill.diagnostics) {
      expect(escapeText(message)).toBe(message);
      expect(message).toMatch(/\.$/);
      expect(hint).not.toBe("");
    }
  });

  it("decides the state: errors make a skill invalid, warnings recovered, remarks nothing", () => {
    for (const row of rows) {
      const skill = parseText(row.source);
      const severities = new Set(skill.diagnostics.map(({ severity }) => severity));
      const state = severities.has("error") ? "invalid" : severities.has("warning") ? "recovered" : "ok";
      expect(skill.state).toBe(state);
    }
  });

  it("is shown here for every code that the parser can give", () => {
    const given = codesIn(fileURLToPath(new URL("../../src/skill/parse-skill.ts", import.meta.url)));
    const tested = new Set<string>([...rows.map(({ code }) => code), "SKILL_FILE_TOO_LARGE"]);
    expect([...given].filter((code) => !tested.has(code))).toEqual([]);
    expect(given.size).toBeGreaterThan(50);
  });
});

/** The codes that a module and those below it write. */
function codesIn(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || file.endsWith("codes.ts")) return new Set();
  seen.add(file);
  const source = readFileSync(file, "utf8");
  const codes = new Set([...source.matchAll(/"(SKILL_[A-Z\d_]+)"/g)].map(([, code = ""]) => code));
  for (const [, path = ""] of source.matchAll(/from "(\.[^"]+)"/g)) {
    for (const code of codesIn(join(dirname(file), path), seen)) codes.add(code);
  }
  return codes;
}
