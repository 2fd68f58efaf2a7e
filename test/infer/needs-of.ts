import { inferNeeds } from "../../src/infer/infer-needs.ts";
import type { InferResult, Inferred } from "../../src/infer/inferred.ts";
import { essentialBins } from "../../src/recipe/catalog/essential-bins.ts";
import type { Skill } from "../../src/skill/skill.ts";
import { plainSkill } from "../support/plain-skill.ts";

/** What is inferred from files: path → text. */
export function inferFrom(files: Readonly<Record<string, string>>, parts: Partial<Skill> = {}): InferResult {
  return inferNeeds(
    plainSkill(parts),
    Object.entries(files).map(([path, text]) => ({ path, text })),
    { hasBin: (bin) => essentialBins.has(bin) },
  );
}

/** The findings as lines: `certain ffmpeg`, `likely python PIL`, `certain python:distribution pyyaml ==6.0.1`. */
export function needsOf(files: Readonly<Record<string, string>>, parts: Partial<Skill> = {}): string[] {
  return inferFrom(files, parts).needs.map(lineOf);
}

/** The same for one file, the program that runs it left out. */
export function needsIn(path: string, text: string): string[] {
  return needsOf({ [path]: text }).filter((line) => !/^\S+ (?:python3|node)$/.test(line));
}

function lineOf(need: Inferred): string {
  const kind = need.kind === "python" && need.naming === "distribution" ? "python:distribution" : need.kind;
  const extras = need.kind === "python" && need.extras !== undefined ? `[${need.extras.join(",")}]` : "";
  const range = need.kind !== "bin" && need.versionRange !== undefined ? ` ${need.versionRange}` : "";
  return `${need.confidence} ${need.kind === "bin" ? "" : `${kind} `}${need.name}${extras}${range}`;
}
