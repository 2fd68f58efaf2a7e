import { basename, join } from "node:path";
import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem, type FileProblem } from "../host/file-problem.ts";
import { type OpenFolder, pathIn } from "../host/open-folder.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { bareFields } from "../skill/bare-fields.ts";
import { parseSkill } from "../skill/parse-skill.ts";
import type { Skill } from "../skill/skill.ts";

/** A SKILL.md of the reference system may have this many bytes. */
export const defaultMaxSkillFileBytes = 256_000;

/**
 * Reads and parses the skill file of an open folder. Every file gives a skill: one that cannot be read is `invalid`
 * and says why. `names` are the spellings of `SKILL.md` in the folder; the first is read, the others are reported.
 */
export function readSkillFile(
  folder: OpenFolder,
  names: readonly [string, ...string[]],
  maxBytes: number,
): Skill {
  const [name, ...twins] = names;
  const file = join(folder.path, name);
  const read = readRegularFile(pathIn(folder, name), maxBytes);
  const skill = read.ok
    ? parseSkill(read.bytes, { dir: folder.path, file, maxBytes })
    : unreadableSkill(folder.path, file, problemDiagnostic(file, read.problem, maxBytes));
  const spelling = spellingDiagnostics(file, name, twins);
  if (spelling.length === 0) return skill;
  return {
    ...skill,
    state: skill.state === "ok" ? "recovered" : skill.state,
    diagnostics: [...spelling, ...skill.diagnostics],
  };
}

/** A row for a skill of which nothing is known but its folder. */
function unreadableSkill(dir: string, file: string, diagnostic: Diagnostic): Skill {
  const nothing = { textFindings: [], places: {} };
  return { ...bareFields(basename(dir)), dir, file, state: "invalid", diagnostics: [diagnostic], ...nothing };
}

function problemDiagnostic(file: string, problem: FileProblem, maxBytes: number): Diagnostic {
  const limit = problem.kind === "too-large" ? `; at most ${maxBytes} are read` : "";
  return {
    ...problemAdvice(problem),
    severity: "error",
    message: `${quoteValue(basename(file))} of this skill is not used: ${describeFileProblem(problem)}${limit}.`,
    place: { file, line: 1, column: 1 },
  };
}

function problemAdvice(problem: FileProblem): { readonly code: DiagnosticCode; readonly hint: string } {
  switch (problem.kind) {
    case "link":
      return { code: "SKILL_FILE_LINK", hint: "Put the file itself in the skill's folder." };
    case "wrong-type":
      return { code: "SKILL_FILE_NOT_REGULAR", hint: "Put a regular file named SKILL.md in its place." };
    case "too-large":
      return {
        code: "SKILL_FILE_TOO_LARGE",
        hint: "Move long text into files beside SKILL.md, or raise the limit.",
      };
    case "missing":
      return {
        code: "SKILL_FILE_UNREADABLE",
        hint: "It was removed while it was read; run the command again.",
      };
    case "denied":
    case "unreadable":
      return { code: "SKILL_FILE_UNREADABLE", hint: "Make the file readable for this user: chmod u+r." };
  }
}

function spellingDiagnostics(file: string, name: string, twins: readonly string[]): Diagnostic[] {
  const place = { file, line: 1, column: 1 };
  const diagnostics: Diagnostic[] = [];
  if (name !== "SKILL.md") {
    diagnostics.push({
      code: "SKILL_FILE_LETTER_CASE",
      severity: "warning",
      message: `The file is named ${quoteValue(name)}; a gateway on Linux looks for "SKILL.md" and does not see it.`,
      hint: "Rename it to SKILL.md.",
      place,
    });
  }
  if (twins.length > 0) {
    diagnostics.push({
      code: "SKILL_FILE_TWIN",
      severity: "warning",
      message: `Beside ${quoteValue(name)} there is ${twins.map(quoteValue).join(", ")}, which is not read.`,
      hint: "Keep one file, named SKILL.md.",
      place,
    });
  }
  return diagnostics;
}
