import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseSkill } from "../../src/skill/parse-skill.ts";
import { namespaces, type Skill } from "../../src/skill/skill.ts";
import { corpusDir, corpusSkillFiles } from "../support/corpus.ts";

const corpus = corpusDir();
if (corpus === null)
  console.info("left out: parsing the corpus of real skills, which is not on this machine");

const table = readFileSync(new URL("corpus-table.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" | "));

describe.runIf(corpus !== null)("real skills", () => {
  it.each(table)("%s is %s", (path, ...expected) => {
    const skill = parseFile(join(corpus ?? "", path, "SKILL.md"));
    const { state, name, namespace, requires, os, install, diagnostics } = skill;
    const needs = Object.entries(requires).filter(([, names]) => names.length > 0);
    const cells = [
      state,
      name,
      namespace ?? "",
      needs.map(([field, names]) => `${field}: ${names.join(" ")}`).join("; "),
      os.join(" "),
      install.map(({ kind, declaredKind }) => kind ?? `(${declaredKind})`).join(" "),
      diagnostics
        .map(({ code, place }) => `${code.replace("SKILL_", "")} ${place?.line}:${place?.column}`)
        .join(", "),
    ];
    expect(cells.map((cell) => cell || "-")).toEqual(expected);
  });

  it("are all accounted for, with places that exist", () => {
    const files = corpusSkillFiles();
    expect(files).toHaveLength(847);
    const skills = files.map(parseFile);
    for (const skill of skills) {
      const lines = readFileSync(skill.file, "utf8")
        .replace(/^\u{feff}/u, "")
        .split("\n");
      for (const place of [...skill.diagnostics.map((each) => each.place), ...Object.values(skill.places)]) {
        expect(place?.file).toBe(skill.file);
        expect(place?.column).toBeLessThanOrEqual((lines[(place?.line ?? 0) - 1] ?? "").length + 1);
      }
      expect(skill.state === "ok" || skill.diagnostics.length > 0).toBe(true);
      expect(skill.name).not.toBe("");
    }
    const count = (state: Skill["state"]) => skills.filter((skill) => skill.state === state).length;
    expect({ ok: count("ok"), recovered: count("recovered"), invalid: count("invalid") }).toEqual({
      ok: 737,
      recovered: 109,
      invalid: 1,
    });
  });

  it("lose no requirement that a plain reading of their YAML finds", () => {
    let compared = 0;
    for (const file of corpusSkillFiles()) {
      const { requires, diagnostics } = parseFile(file);
      const shown = diagnostics.map(({ message }) => message).join();
      for (const [field, names] of Object.entries(readPlainly(readFileSync(file, "utf8")))) {
        const kept = requires[field as keyof Skill["requires"]];
        expect(names.filter((name) => !kept.includes(name) && !shown.includes(name))).toEqual([]);
        compared += names.length;
      }
    }
    expect(compared).toBeGreaterThanOrEqual(400);
  });
});

function parseFile(file: string): Skill {
  return parseSkill(readFileSync(file), { dir: dirname(file), file });
}

/** What a few lines of code would make of a head; nothing where they would give up. */
function readPlainly(text: string): Record<string, string[]> {
  const head = /^---\r?\n(.*?)\r?\n---/s.exec(text)?.[1];
  if (head === undefined) return {};
  try {
    const { metadata } = parse(head, { logLevel: "error" }) as {
      metadata?: Record<string, { requires?: Record<string, unknown> }>;
    };
    const found = namespaces.map((name) => metadata?.[name]?.requires).find((each) => each !== undefined);
    return Object.fromEntries(
      ["bins", "anyBins", "env", "config"].flatMap((field) => {
        const names = found?.[field];
        return Array.isArray(names) ? [[field, names as string[]]] : [];
      }),
    );
  } catch {
    return {}; // a head that the plain reading cannot take
  }
}
