import { renameSync } from "node:fs";
import { basename, join } from "node:path";
import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { parseJson } from "../host/parse-json.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { writeFileAtomically } from "../host/write-file-atomically.ts";
import { asObject, ownValue } from "../skill/own-value.ts";
import type { Scope, ScopeKind } from "./scope.ts";
import type { ScopeFolder } from "./scope-folder.ts";

/** A session that has used a scope's sandbox. */
export interface KnownSession {
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly lastUsed: string;
}

/** `records/scope.json`: what the folder's name stands for; 0600. */
export interface ScopeRecord {
  readonly format: "skillcrate/scope@1";
  readonly kind: ScopeKind;
  readonly key: string;
  /** The agent that used it last; null: not said. */
  readonly agent: string | null;
  readonly lastUsed: string;
  /** Latest first, at most 500. */
  readonly sessions: readonly KnownSession[];
}

export interface ScopeUse {
  readonly agent: string | null;
  /** The key of the session that uses it now; null: not said. */
  readonly session: string | null;
  readonly nowMs: number;
}

export type ReadScopeRecord =
  | { readonly kind: "record"; readonly record: ScopeRecord }
  | { readonly kind: "missing" }
  | { readonly kind: "broken"; readonly why: string };

const fileName = "scope.json";
const maxSessions = 500;
const maxRecordBytes = 16_000_000;
/** A use is noted once in this time: what is collected is measured in days. */
const noteEveryMs = 10 * 60_000;

export function readScopeRecord(recordsDir: string): ReadScopeRecord {
  const read = readRegularFile(join(recordsDir, fileName), maxRecordBytes);
  if (!read.ok) {
    if (read.problem.kind === "missing") return { kind: "missing" };
    return { kind: "broken", why: describeFileProblem(read.problem) };
  }
  const record = parseRecord(read.bytes.toString("utf8"));
  return record === null
    ? { kind: "broken", why: "it is damaged or of another version" }
    : { kind: "record", record };
}

/**
 * Notes that a scope is used now, and gives its record. Compares the whole key with the one on record:
 * throws `SCOPE_MISMATCH` where the folder belongs to another. A damaged record is set aside and named. The caller holds
 * the scope's lock.
 */
export function recordScopeUse(
  folder: ScopeFolder,
  use: ScopeUse,
): { readonly record: ScopeRecord; readonly diagnostics: readonly Diagnostic[] } {
  const read = readScopeRecord(folder.recordsDir);
  const diagnostics = read.kind === "broken" ? [setAside(folder.recordsDir, read.why)] : [];
  const before = read.kind === "record" ? read.record : null;
  if (before !== null) requireSameScope(folder, before);
  if (before !== null && isNoted(before, use)) return { record: before, diagnostics };
  const record = nextRecord(folder.scope, before, use);
  writeFileAtomically(join(folder.recordsDir, fileName), `${JSON.stringify(record, null, 2)}\n`);
  return { record, diagnostics };
}

function requireSameScope({ scope, dir }: ScopeFolder, { kind, key }: ScopeRecord): void {
  if (kind === scope.kind && key === scope.key) return;
  throw new SkillcrateError(
    "SCOPE_MISMATCH",
    `The folder ${quoteValue(dir)} belongs to ${kind} ${quoteValue(key)}, not to ${scope.kind} ${quoteValue(scope.key)}.`,
    { hint: "It was renamed or its record changed. Move it away; a new one is made." },
  );
}

function isNoted(record: ScopeRecord, { agent, session, nowMs }: ScopeUse): boolean {
  const isRecent = ({ lastUsed }: { readonly lastUsed: string }) => {
    const ageMs = nowMs - Date.parse(lastUsed);
    return ageMs >= 0 && ageMs < noteEveryMs;
  };
  if (!isRecent(record) || (agent !== null && agent !== record.agent)) return false;
  return session === null || record.sessions.some((known) => known.key === session && isRecent(known));
}

function nextRecord(
  { kind, key }: Scope,
  before: ScopeRecord | null,
  { agent, session, nowMs }: ScopeUse,
): ScopeRecord {
  const lastUsed = new Date(nowMs).toISOString();
  const others = (before?.sessions ?? []).filter((known) => known.key !== session);
  const sessions = session === null ? others : [{ key: session, lastUsed }, ...others];
  return {
    format: "skillcrate/scope@1",
    kind,
    key,
    agent: agent ?? before?.agent ?? null,
    lastUsed,
    sessions: sessions
      .sort((a, b) => compareText(b.lastUsed, a.lastUsed) || compareText(a.key, b.key))
      .slice(0, maxSessions),
  };
}

function parseRecord(text: string): ScopeRecord | null {
  const record = asObject(parseJson(text));
  const value = (key: string) => ownValue(record, key);
  const kind = scopeKinds.find((known) => known === value("kind"));
  const [key, agent, lastUsed, sessions] = [
    value("key"),
    value("agent"),
    value("lastUsed"),
    value("sessions"),
  ];
  if (value("format") !== "skillcrate/scope@1" || kind === undefined || typeof key !== "string") return null;
  if (!(agent === null || typeof agent === "string") || !isTime(lastUsed)) return null;
  if (!Array.isArray(sessions) || !sessions.every(isKnownSession)) return null;
  return { format: "skillcrate/scope@1", kind, key, agent, lastUsed, sessions };
}

const scopeKinds: readonly ScopeKind[] = ["session", "agent", "shared"];

function isKnownSession(value: unknown): value is KnownSession {
  const session = asObject(value);
  return typeof ownValue(session, "key") === "string" && isTime(ownValue(session, "lastUsed"));
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}

function setAside(recordsDir: string, why: string): Diagnostic {
  const path = join(recordsDir, fileName);
  const aside = `${path}.broken-${new Date().toISOString().replace(/[:.]/g, "")}`;
  renameSync(path, aside);
  return {
    code: "STATE_BROKEN",
    severity: "warning",
    message: `${quoteValue(path)} is not used: ${why}. Set aside as ${quoteValue(basename(aside))}.`,
    hint: "Nothing to do: it is made anew. Which sessions share the sandbox is known again once they use it.",
    place: { file: aside, line: 1, column: 1 },
  };
}
