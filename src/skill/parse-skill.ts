import { basename } from "node:path/posix";
import type { Place } from "../diagnostic/diagnostic.ts";
import { bareFields } from "./bare-fields.ts";
import { type DecodedSource, decodeSource } from "./decode-source.ts";
import { describeBody } from "./describe-body.ts";
import { createFindings, type Findings } from "./findings.ts";
import { inspectText } from "./inspect-text.ts";
import { type LocatedHead, locateHead } from "./locate-head.ts";
import { readFields, type SkillFields } from "./read-fields.ts";
import { readHead } from "./read-head.ts";
import type { Reading } from "./reading.ts";
import type { Skill, SkillState } from "./skill.ts";

export interface SkillLocation {
  /** The skill's folder, absolute; its last part is the name of a skill that gives none. */
  readonly dir: string;
  /** The SKILL.md, absolute. */
  readonly file: string;
  /** A larger file is an error and is not read; without it files of every size are read. */
  readonly maxBytes?: number;
}

/**
 * The text or bytes of a SKILL.md → the skill it describes. Pure; never throws and never runs anything: whatever is
 * wrong is a diagnostic with its place, and no requirement is passed over without one.
 */
export function parseSkill(source: string | Uint8Array, location: SkillLocation): Skill {
  const isTooLarge = location.maxBytes !== undefined && sizeBytes(source) > location.maxBytes;
  const decoded = decodeSource(isTooLarge ? "" : source);
  const findings = createFindings(location.file, decoded.text);
  if (isTooLarge) reportTooLarge(sizeBytes(source), location.maxBytes ?? 0, findings);
  else if (decoded.text.trim() === "") reportEmptyFile(findings);
  const isReadable = !findings.has("error") && decoded.fault?.isFatal !== true;
  const located: LocatedHead = isReadable ? locateHead(findings) : { state: "refused", bodyStart: 0 };
  reportEncoding(decoded, located, findings);
  if (located.state === "missing") reportNoHead(findings);

  const head = located.state === "found" ? readHead(located.span, findings) : null;
  const bodyStart = located.state === "found" ? located.span.bodyStart : located.bodyStart;
  const places: Record<string, Place> = {};
  const reading: Reading = {
    findings,
    isWhole: !findings.has("error"),
    note: (path, offset) => {
      places[path] = findings.placeAt(offset);
    },
  };
  const fields = head === null ? null : readFields(head, folderName(location), bodyStart, reading);
  return {
    ...(fields ?? fieldsWithoutHead(location, bodyStart, findings)),
    dir: location.dir,
    file: location.file,
    state: stateOf(findings),
    diagnostics: findings.list(),
    textFindings: inspectText(decoded.text, location.file),
    places,
  };
}

function sizeBytes(source: string | Uint8Array): number {
  return typeof source === "string" ? new TextEncoder().encode(source).length : source.length;
}

function reportTooLarge(size: number, limit: number, findings: Findings): void {
  findings.error(
    "SKILL_FILE_TOO_LARGE",
    0,
    `The file has ${size} bytes; at most ${limit} are read.`,
    "Move what is not needed at once into files beside it.",
  );
}

function reportEmptyFile(findings: Findings): void {
  findings.error(
    "SKILL_FILE_EMPTY",
    0,
    "The file has no text.",
    'Write a head with "name:" and "description:".',
  );
}

function reportEncoding(
  { fault, hasByteOrderMark }: DecodedSource,
  head: LocatedHead,
  findings: Findings,
): void {
  if (hasByteOrderMark && fault?.isFatal !== true) {
    findings.warning(
      "SKILL_BYTE_ORDER_MARK",
      0,
      "The file starts with a byte order mark, behind which gateways find no head.",
      "Save it as UTF-8 without a byte order mark.",
    );
  }
  if (fault === null) return;
  const isInBody = head.state === "found" && fault.offset >= head.span.end;
  const report = fault.isFatal || !isInBody ? findings.error : findings.warning;
  report(fault.code, fault.offset, fault.message, fault.hint);
}

function reportNoHead(findings: Findings): void {
  findings.warning(
    "SKILL_HEAD_MISSING",
    0,
    "The file has no head; name and description come from the folder and the body.",
    'Begin the file with a line "---", "name:" and "description:" lines, and another line "---".',
  );
}

function fieldsWithoutHead(location: SkillLocation, bodyStart: number, findings: Findings): SkillFields {
  const description = findings.has("error") ? "" : describeBody(findings.text, bodyStart);
  return { ...bareFields(folderName(location)), description };
}

function folderName({ dir }: SkillLocation): string {
  return basename(dir) || "skill";
}

function stateOf(findings: Findings): SkillState {
  if (findings.has("error")) return "invalid";
  return findings.has("warning") ? "recovered" : "ok";
}
