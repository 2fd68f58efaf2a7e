import { fstatSync } from "node:fs";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import type { OpenFolder } from "../host/open-folder.ts";
import { openSkillFolders } from "../host/open-skill-folders.ts";
import type { Pace } from "../host/pace.ts";
import { assignFolders, type PlacedSkill } from "./assign-folders.ts";
import type { LeftOut } from "./left-out.ts";
import { defaultMirrorLimits } from "./mirror-limits.ts";
import type { MirrorRequest, MirrorResult } from "./mirror-request.ts";
import { type ResolvedSkill, resolveSkill, type WritingGround } from "./resolve-skill.ts";

/** All skills of a request, by name, and why others are not among them. */
export interface ResolvedSkills {
  readonly skills: readonly ResolvedSkill[];
  readonly refused: MirrorResult["refused"];
  readonly diagnostics: readonly Diagnostic[];
  /** Null where nobody asks. */
  readonly visited: readonly string[] | null;
}

/** Null where something must be read and `writing` is null. */
export async function resolveSkills(
  request: MirrorRequest,
  target: OpenFolder,
  writing: WritingGround | null,
  pace: Pace,
): Promise<ResolvedSkills | null> {
  const limits = { ...defaultMirrorLimits, ...request.limits };
  const assigned = assignFolders(request.skills);
  const skills: ResolvedSkill[] = [];
  const refused = [...assigned.refused];
  const diagnostics = [...assigned.diagnostics];
  const visited: string[] | null = request.tellVisited === false ? null : [];
  const folders = openSkillFolders();
  const mirror = fstatSync(target.fd);
  const left = { files: limits.maxFiles, bytes: limits.maxBytes };
  try {
    for (const placed of assigned.placed) {
      const resolution = await resolveSkill(placed, {
        limits: { ...limits, maxFiles: left.files, maxBytes: left.bytes },
        allowHardLinks: placed.skill.source === "bundled",
        mirror,
        folders,
        sourceRecordsDir: sourceRecordsDir(request),
        writing,
        pace,
        visited,
        signal: request.signal,
      });
      if (resolution.kind === "unread") return null;
      if (resolution.kind === "refused") {
        refused.push({ skill: placed.skill, diagnostic: resolution.diagnostic });
        continue;
      }
      const { skill } = resolution;
      skills.push(skill);
      left.files -= skill.entryCount;
      left.bytes -= skill.bytes;
      if (skill.leftOut.length > 0) diagnostics.push(leftOutDiagnostic(placed, skill.leftOut));
      if (pace.isDue()) await pace.rest();
    }
  } finally {
    folders.close();
  }
  return { skills, refused, diagnostics, visited };
}

/** Beside the contents that all scopes share, since what a source held is the same for all of them. */
export function sourceRecordsDir({ storeDir, recordsDir }: MirrorRequest): string {
  return `${storeDir ?? recordsDir}/sources`;
}

function leftOutDiagnostic({ skill }: PlacedSkill, leftOut: readonly LeftOut[]): Diagnostic {
  const secret = leftOut.some(({ reason }) => reason === "secret");
  const shown = leftOut.slice(0, mostShown).map(({ path }) => quoteValue(path));
  const more = leftOut.length > mostShown ? ` and ${leftOut.length - mostShown} more` : "";
  return {
    code: "MIRROR_LEFT_OUT",
    severity: secret ? "warning" : "info",
    message: `The skill ${quoteValue(skill.name)} is mirrored without ${shown.join(", ")}${more}.`,
    hint: secret
      ? "Keep secrets out of skills: give them to a scope (skillcrate secret set), and to the programs as environment."
      : "Nothing to do: sandboxes need neither repositories nor dependencies installed for the host.",
    place: { file: skill.dir, line: 1, column: 1 },
  };
}

const mostShown = 8;
