import type { BinaryFacts } from "../image-facts.ts";
import type { VersionAnswer } from "./probe-version.ts";

/** For each way of looking a program up: name → path, or null where it finds nothing. */
export interface Lookups {
  readonly sh: ReadonlyMap<string, string | null>;
  readonly shLogin: ReadonlyMap<string, string | null>;
  /** Null where the image has no bash. */
  readonly bashLogin: ReadonlyMap<string, string | null> | null;
  /** As a user that the image does not know. */
  readonly unknownUid: ReadonlyMap<string, string | null>;
}

/** Puts together what was seen of one binary, and says in one line why it is not usable if it is not. */
export function describeBinary(name: string, lookups: Lookups, { answer, args }: VersionAnswer): BinaryFacts {
  const path = lookups.sh.get(name) ?? null;
  const found = {
    sh: path !== null,
    shLogin: isFound(lookups.shLogin, name),
    bashLogin: lookups.bashLogin === null ? null : isFound(lookups.bashLogin, name),
    exec: answer.kind !== "broken" || answer.started,
    unknownUid: isFound(lookups.unknownUid, name),
  };
  const shown = answer.kind === "version" || answer.kind === "usage";
  const problem = shown ? describeLookup(found) : found.sh ? answer.problem : notOnPath(found);
  return {
    name,
    path,
    version: answer.kind === "version" ? answer.line : null,
    versionArgs: shown ? args : null,
    found,
    ok: problem === null,
    problem,
  };
}

function isFound(lookup: ReadonlyMap<string, string | null>, name: string): boolean {
  return typeof lookup.get(name) === "string";
}

function notOnPath(found: BinaryFacts["found"]): string {
  const login = found.shLogin || found.bashLogin === true;
  return login ? "not on the image's PATH; only a login shell finds it" : "not on PATH";
}

/** It runs; but is it there for everybody, however it is started? */
function describeLookup(found: BinaryFacts["found"]): string | null {
  if (!found.sh) return "runs, but `sh -c` does not find it";
  if (!found.shLogin) return "a login shell (`sh -lc`) does not find it: the profile sets another PATH";
  if (found.bashLogin === false)
    return "a login shell (`bash -lc`) does not find it: the profile sets another PATH";
  if (!found.unknownUid) return "a user that the image does not know may not execute it";
  return null;
}
