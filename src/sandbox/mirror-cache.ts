import type { Fingerprint } from "../host/fingerprint.ts";
import type { SharedRun } from "../host/share-run.ts";
import type { ChosenSkills } from "./choose-skills.ts";
import type { ExposedSkills, MirroredSkills } from "./mirror-skills-request.ts";
import { type MirrorThread, mirrorHere, openMirrorThread } from "./mirror-thread.ts";

/**
 * What a process keeps between calls of `mirrorSkills`: what it remembers, and a thread that writes, which ends by
 * itself when there is nothing to do. The caller keeps it for as long as it likes, and shares it between scopes. Nothing
 * in it is for callers.
 */
export interface MirrorCache {
  /** By everything in a request that decides which skills there are; what was found last is last. */
  readonly known: Map<string, KnownSkills>;
  readonly runs: Map<string, SharedRun<MirroredSkills>>;
  readonly thread: MirrorThread;
}

/** What was found and mirrored while the host was as its fingerprint says. Equal for every scope that asks the same. */
export interface KnownSkills {
  readonly fingerprint: Fingerprint;
  readonly chosen: ChosenSkills;
  readonly exposed: ExposedSkills;
}

export function createMirrorCache(): MirrorCache {
  return { known: new Map(), runs: new Map(), thread: openMirrorThread() };
}

/** For a call that is the only one: what it finds is not kept, and no thread is started for it. */
export function cacheOfOneCall(): MirrorCache {
  return { known: new Map(), runs: new Map(), thread: mirrorHere };
}

/** Keeps what was found last; some 200 kB for 50 skills with 500 files. */
export function rememberSkills({ known }: MirrorCache, key: string, skills: KnownSkills): void {
  known.delete(key);
  known.set(key, skills);
  const [oldest] = known.keys();
  if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
}

/** A gateway asks for as many sets of skills as it has agents. */
const maxKnown = 100;
