import { createPace } from "./pace.ts";
import { ctimeField, fieldsPerStamp, stampPath } from "./path-stamp.ts";
import {
  beginRound,
  chunksOf,
  isChunkUnchanged,
  type SharedLook,
  shareLook,
  wasSeen,
} from "./shared-look.ts";

/**
 * What paths led to at one moment. While all stamps are the same, nothing at these paths was changed, exchanged, made or
 * removed: the kernel moves `ctime` on at every change, and nobody can set it back. Plain data that threads share.
 */
export type Fingerprint = SharedLook;

/** Stamps every path with `lstat`. */
export async function takeFingerprint(paths: readonly string[]): Promise<Fingerprint> {
  const fingerprint = shareLook(paths);
  const pace = createPace();
  let at = 0;
  for (const path of paths) {
    if (at % askPaceEvery === 0 && pace.isDue()) await pace.rest();
    stampPath(path, fingerprint.stamps, at);
    at += fieldsPerStamp;
  }
  return fingerprint;
}

/**
 * Whether every path still has the stamp that it had. Ends at the first that has not. `askForHelp` is told what another
 * thread can look at meanwhile, with `helpLook`; whether it does is its own business.
 */
export async function isUnchanged(
  fingerprint: Fingerprint,
  askForHelp?: (fingerprint: Fingerprint) => void,
): Promise<boolean> {
  const round = beginRound(fingerprint);
  askForHelp?.(fingerprint);
  const pace = createPace();
  const chunks = chunksOf(fingerprint);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    if (wasSeen(fingerprint, round, chunk)) continue;
    if (pace.isDue()) await pace.rest();
    if (!isChunkUnchanged(fingerprint, chunk)) return false;
  }
  return true;
}

/**
 * Whether all that was stamped is older than `sinceMs` (of `Date.now()`), so that whoever began to read then has read
 * what the stamps stand for, and a later change will have another stamp. If not, a change may hide in the same tick of
 * the file system's clock.
 */
export function isSettled({ stamps }: Pick<Fingerprint, "stamps">, sinceMs: number): boolean {
  for (let at = 0; at < stamps.length; at += fieldsPerStamp) {
    const ctimeMs = stamps[at + ctimeField] ?? 0;
    const tickMs = ctimeMs % 1000 === 0 ? coarseTickMs : fineTickMs;
    if (ctimeMs > sinceMs - tickMs) return false;
  }
  return true;
}

/** In numbers of stamps: asking takes a tenth of what it asks about. */
const askPaceEvery = 32 * fieldsPerStamp;

/** The kernel's clock for files goes by jiffies: 10 ms where it counts 100 a second. */
const fineTickMs = 20;
/** Some file systems keep whole seconds, FAT every other. */
const coarseTickMs = 2000;
