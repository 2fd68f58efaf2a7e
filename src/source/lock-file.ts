import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { describeFileProblem } from "../host/file-problem.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import { writeFileAtomically } from "../host/write-file-atomically.ts";
import { type Lock, lockSchema } from "../plan/lock.ts";
import { digestOf } from "../plan/make-lock.ts";

/** More than the lock of a hundred images. */
const maxLockBytes = 64_000_000;

/**
 * The lock in a file; null where there is none. Throws `LOCK_BROKEN` where it is damaged, was edited, or is of another
 * version: nothing is built from a part of it.
 */
export function readLock(file: string): Lock | null {
  const read = readRegularFile(file, maxLockBytes, { followLinks: true });
  if (!read.ok) {
    if (read.problem.kind === "missing") return null;
    throw broken(file, describeFileProblem(read.problem));
  }
  const value = parseJson(file, read.bytes.toString("utf8"));
  const parsed = lockSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join(".") ?? "";
    throw broken(file, `${quoteValue(where)} is not of its format: ${quoteValue(issue?.message ?? "")}`);
  }
  // The schema tells the shape; that the rest is as it was written, digests tell. Its own copy has another order.
  const lock = value as Lock;
  for (const image of lock.images) {
    if (digestOf(image.inputs, image.plan) !== image.digest) {
      throw broken(file, `the image ${quoteValue(image.plan.name)} is not as it was written`);
    }
    const { below } = image.plan;
    const stands = below.kind === "external" || lock.images.some(({ digest }) => digest === below.hash);
    if (!stands) {
      throw broken(
        file,
        `${quoteValue(image.plan.name)} was locked on another ${quoteValue(below.reference)}`,
      );
    }
  }
  return lock;
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text, refuseProtoKey);
  } catch (error) {
    // RangeError: nested deeper than the stack.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    throw broken(file, `it is no JSON of ours: ${quoteValue(error.message)}`);
  }
}

function refuseProtoKey(key: string, value: unknown): unknown {
  if (key === "__proto__") throw new SyntaxError("a key is called __proto__");
  return value;
}

function broken(file: string, why: string): SkillcrateError {
  return new SkillcrateError("LOCK_BROKEN", `The lock ${quoteValue(file)} cannot be used: ${why}.`, {
    hint: "Take it from version control again, or make a new one: skillcrate lock",
  });
}

/** Writes a lock so that a reader sees the whole old or the whole new one; true where that changed the file. */
export function writeLock(file: string, lock: Lock): boolean {
  const text = formatLock(lock);
  const read = readRegularFile(file, maxLockBytes, { followLinks: true });
  if (read.ok && read.bytes.toString("utf8") === text) return false;
  writeFileAtomically(file, text);
  return true;
}

/** JSON with a line for each thing that can change by itself: a package, a digest, an input. */
export function formatLock(lock: Lock): string {
  return `${formatValue(lock, "")}\n`;
}

function formatValue(value: unknown, indent: string): string {
  const flat = JSON.stringify(value);
  if (typeof value !== "object" || value === null || isFlat(value)) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => formatValue(item, inner))
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .map(([key, member]) => `${JSON.stringify(key)}: ${formatValue(member, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.map((line) => `${inner}${line}`).join(",\n")}\n${indent}${close}`;
}

/** One line: what a package file is known by, and short texts and numbers. */
function isFlat(value: object): boolean {
  if ("sha256" in value || "integrity" in value) return true;
  const members = Object.values(value);
  const plain = members.every((member) => typeof member !== "object" || member === null);
  return plain && JSON.stringify(value).length <= 120;
}
