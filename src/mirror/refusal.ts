import type { DiagnosticCode } from "../diagnostic/codes.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { describeFileProblem, type FileProblem } from "../host/file-problem.ts";
import type { MirrorLimits, SkillToMirror } from "./mirror-request.ts";

/** Why a skill is not mirrored. */
export interface Refusal {
  readonly code: DiagnosticCode;
  /** From the skill's folder; empty: the skill itself. */
  readonly path: string;
  /** Goes on after the path: "is a named pipe". */
  readonly clause: string;
  readonly hint: string;
  /** It may be another one a moment later: the caller looks again. */
  readonly passing?: boolean;
}

export function refusalDiagnostic(skill: SkillToMirror, refusal: Refusal): Diagnostic {
  const what = refusal.path === "" ? "its folder" : quoteValue(refusal.path);
  return {
    code: refusal.code,
    severity: "error",
    message: `The skill ${quoteValue(skill.name)} is not mirrored: ${what} ${refusal.clause}.`,
    hint: refusal.hint,
    place: { file: refusal.path === "" ? skill.dir : `${skill.dir}/${refusal.path}`, line: 1, column: 1 },
  };
}

export function tooLarge(path: string, clause: string, limit: keyof MirrorLimits): Refusal {
  return {
    code: "MIRROR_SKILL_TOO_LARGE",
    path,
    clause,
    hint: `Make the skill smaller, or raise the limit ${limit}.`,
  };
}

export function unusableName(path: string, clause: string): Refusal {
  return { code: "MIRROR_SKILL_NAME", path, clause, hint: "Rename it." };
}

export function holdsMirror(path: string): Refusal {
  return {
    code: "MIRROR_SKILL_UNREADABLE",
    path,
    clause: "is the folder that skills are mirrored into",
    hint: "Give the mirror a folder outside of all skills.",
  };
}

/** Something that was listed and cannot be looked at or opened; where it is gone, something else may be there soon. */
export function unreadable(path: string, problem: FileProblem): Refusal {
  if (problem.kind === "missing" || problem.kind === "link" || problem.kind === "wrong-type")
    return changing(path);
  return {
    code: "MIRROR_SKILL_UNREADABLE",
    path,
    clause: `cannot be read: ${describeFileProblem(problem)}`,
    hint: "Make it readable for this user (chmod u+r), or take it away.",
  };
}

export function changing(path: string): Refusal {
  return {
    code: "MIRROR_SKILL_CHANGING",
    path,
    clause: "changed while it was read",
    hint: "Wait until nothing writes to the skill any more; the next run looks again.",
    passing: true,
  };
}

/** The skill's folder itself cannot be opened. */
export function unopened(problem: FileProblem): Refusal {
  return {
    code: problem.kind === "link" ? "MIRROR_SKILL_LINK" : "MIRROR_SKILL_UNREADABLE",
    path: "",
    clause: `cannot be opened: ${describeFileProblem(problem)}`,
    hint:
      problem.kind === "link"
        ? "Name the folder itself: no component of its path may be a link."
        : "Make it a folder that this user can read, or take the skill out of the list.",
    passing: problem.kind === "missing",
  };
}
