import { join } from "node:path/posix";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { escapeText, quoteValue } from "../diagnostic/quote-value.ts";
import { createFindings, type Findings } from "../skill/findings.ts";
import { binaryPattern } from "../skill/name-grammars.ts";
import type { Skill } from "../skill/skill.ts";
import { confidences, type InferResult, type Inferred, type SkillFile } from "./inferred.ts";
import { localNames } from "./local-names.ts";
import type { Mention } from "./mention.ts";
import type { DependencyFault } from "./packages/dependency-file.ts";
import { readFile } from "./read-file.ts";
import { notNeeded } from "./shell/shell-builtins.ts";

/** What is read of a skill. */
export type InferableSkill = Pick<Skill, "dir" | "file" | "requires">;

export interface InferOptions {
  /** Commands that every image has and that are no need worth naming. */
  readonly hasBin?: (bin: string) => boolean;
}

/** More than any skill that a person wrote. */
const mostNeeds = 500;

/**
 * What a skill's files use although its head does not say so: commands, Python modules and packages, Node packages.
 * Commands that the head requires are left out. Nothing is run; the same files give the same result, in any order.
 */
export function inferNeeds(
  skill: InferableSkill,
  files: readonly SkillFile[],
  { hasBin = () => false }: InferOptions = {},
): InferResult {
  const declared = new Set([...skill.requires.bins, ...skill.requires.anyBins]);
  const isNeed = ({ kind, name }: Mention): boolean =>
    kind !== "bin" || (isCommand(name) && !declared.has(name) && !hasBin(name));
  const local = localNames(files);
  const found = new Map<string, Inferred>();
  const diagnostics: Diagnostic[] = [];
  for (const file of [...files].sort((left, right) => compareText(left.path, right.path))) {
    const { mentions, faults } = readFile(file);
    const findings = createFindings(join(skill.dir, file.path), file.text);
    for (const mention of mentions.toSorted((left, right) => left.offset - right.offset)) {
      const judged = local.judge(mention, file.path);
      if (judged !== null && isNeed(judged)) keepStrongest(found, judged, file.path, findings);
    }
    diagnostics.push(...faults.map((fault) => toDiagnostic(fault, findings)));
  }
  const needs = [...found.values()].sort(byName);
  const cut = needs.length > mostNeeds ? [tooMany(needs.length, skill)] : [];
  return { needs: needs.slice(0, mostNeeds), diagnostics: [...diagnostics.slice(0, mostNeeds), ...cut] };
}

/** A name on PATH, with a letter in it, that is no word of a shell. */
function isCommand(name: string): boolean {
  return binaryPattern.test(name) && /[A-Za-z]/.test(name) && !notNeeded.has(name);
}

/** Of two findings of one thing the surer counts, then the one that knows versions, then the first. */
function keepStrongest(
  found: Map<string, Inferred>,
  mention: Mention,
  path: string,
  findings: Findings,
): void {
  const key = keyOf(mention);
  const known = found.get(key);
  if (known !== undefined && rank(known) >= rank(mention)) return;
  const { offset, how, ...need } = mention;
  found.set(key, { ...need, evidence: `${how} ${escapeText(path)}`, place: findings.placeAt(offset) });
}

function keyOf(need: Mention | Inferred): string {
  return `${need.kind} ${need.name} ${need.kind === "python" ? need.naming : ""}`;
}

function rank(need: Mention | Inferred): number {
  const knowsVersion = need.kind !== "bin" && need.versionRange !== undefined;
  return confidences.indexOf(need.confidence) * 2 + Number(knowsVersion);
}

function byName(left: Inferred, right: Inferred): number {
  return compareText(keyOf(left), keyOf(right));
}

function toDiagnostic({ kind, text, reason, offset }: DependencyFault, findings: Findings): Diagnostic {
  const place = findings.placeAt(offset);
  switch (kind) {
    case "refused":
      return {
        code: "INFER_PACKAGE_REFUSED",
        severity: "error",
        message: `The dependency ${quoteValue(text)} is refused: ${reason}.`,
        hint: "Write the package's name and a version of the package index.",
        place,
      };
    case "unsupported":
      return {
        code: "INFER_PACKAGE_UNSUPPORTED",
        severity: "warning",
        message: `The dependency ${quoteValue(text)} is not installed: ${reason}.`,
        hint: "Name a package of the package index, or give the skill its recipe in the overlay.",
        place,
      };
    case "invalid":
      return {
        code: "INFER_FILE_INVALID",
        severity: "warning",
        message: `The file of dependencies is not used: ${reason}.`,
        hint: "Repair the file, or declare in the overlay what the skill needs.",
        place,
      };
  }
}

function tooMany(count: number, { file }: InferableSkill): Diagnostic {
  return {
    code: "INFER_CUT",
    severity: "warning",
    message: `The skill uses ${count} things that it does not declare; ${mostNeeds} of them are taken.`,
    hint: "Declare in requires.bins, or in the overlay, what it really needs.",
    place: { file, line: 1, column: 1 },
  };
}
