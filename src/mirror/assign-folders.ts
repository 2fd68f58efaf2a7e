import { hash } from "node:crypto";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { MirrorResult, SkillToMirror } from "./mirror-request.ts";

export interface PlacedSkill {
  readonly skill: SkillToMirror;
  readonly folder: string;
}

export interface AssignedFolders {
  /** By name. */
  readonly placed: readonly PlacedSkill[];
  readonly refused: MirrorResult["refused"];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A folder for each skill: its name where that is a plain slug, else what can be read of it and a hash of the whole
 * name. All are lower case ASCII, so that no two are one folder on a disk that ignores letter case. Of two skills of
 * one name the first is taken.
 */
export function assignFolders(skills: readonly SkillToMirror[]): AssignedFolders {
  const byName = new Map<string, SkillToMirror>();
  const refused: { skill: SkillToMirror; diagnostic: Diagnostic }[] = [];
  for (const skill of skills) {
    const first = byName.get(skill.name);
    if (first === undefined) byName.set(skill.name, skill);
    else refused.push({ skill, diagnostic: nameTakenDiagnostic(skill, first) });
  }
  // Plain names first: nobody takes them away by a name whose slug and hash were made to match.
  const ordered = [...byName.values()].sort(
    (left, right) =>
      Number(isPlain(right.name)) - Number(isPlain(left.name)) || compareText(left.name, right.name),
  );
  const takenBy = new Map<string, string>();
  const twinOf = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const placed: PlacedSkill[] = [];
  for (const skill of ordered) {
    const { name } = skill;
    const short = shortFolder(name);
    const folder = takenBy.has(short) ? longFolder(name) : short;
    const twin = twinOf.get(name.toLowerCase()) ?? takenBy.get(short);
    if (twin === undefined) twinOf.set(name.toLowerCase(), name);
    else diagnostics.push(twinDiagnostic(skill, twin, folder));
    takenBy.set(folder, name);
    placed.push({ skill, folder });
  }
  placed.sort((left, right) => compareText(left.skill.name, right.skill.name));
  return { placed, refused, diagnostics };
}

function isPlain(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}$/.test(name);
}

function shortFolder(name: string): string {
  return isPlain(name) ? name : `${readable(name)}-${nameHash(name).slice(0, 12)}`;
}

/** Longer than any plain name, with the whole hash: taken by nobody else. */
function longFolder(name: string): string {
  return `${readable(name)}-${nameHash(name)}`;
}

function readable(name: string): string {
  const slug = name
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "")
    .slice(0, 40)
    .replace(/-$/, "");
  return slug === "" ? "skill" : slug;
}

function nameHash(name: string): string {
  // Not over UTF-8 bytes: halves of surrogate pairs would all become one character there.
  return hash("sha256", Buffer.from(name, "utf16le"), "hex");
}

function nameTakenDiagnostic(skill: SkillToMirror, first: SkillToMirror): Diagnostic {
  return {
    code: "MIRROR_NAME_TAKEN",
    severity: "error",
    message: `The skill ${quoteValue(skill.name)} in ${quoteValue(skill.dir)} is not mirrored: ${quoteValue(first.dir)} has the same name.`,
    hint: "Give one of the two another name, or take it out of the list.",
    place: { file: skill.dir, line: 1, column: 1 },
  };
}

function twinDiagnostic(skill: SkillToMirror, twin: string, folder: string): Diagnostic {
  return {
    code: "MIRROR_NAME_TWIN",
    severity: "warning",
    message: `The skills ${quoteValue(twin)} and ${quoteValue(skill.name)} would share a folder's name; the latter is in ${quoteValue(folder)}.`,
    hint: "Rename one of the two so that more than letter case tells them apart.",
    place: { file: skill.dir, line: 1, column: 1 },
  };
}
