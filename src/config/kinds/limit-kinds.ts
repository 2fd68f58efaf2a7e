import { asObject, ownValue } from "../../skill/own-value.ts";
import type { UlimitSetting } from "../sandbox-config.ts";
import { type JsonSchema, type Kind, type ReadValue, refused, taken, unexpected } from "./kind.ts";

/** The one word for no limit: whoever wants none has to say so. */
const unlimited = "unlimited";

const unlimitedSchema: JsonSchema = { const: unlimited };

/** 0 and -1 turn a limit off in the engine. */
function refuseUnlimited(): ReadValue<never> {
  return refused(
    "CONFIG_LIMIT_UNLIMITED",
    "to the engine that means no limit",
    `Write a limit, or "${unlimited}" if there is to be none.`,
  );
}

const unitBytes = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const;

/** Digits, a unit: what the engine's command line takes, too. */
const bytesPattern = /^(-?[0-9]{1,15}(?:\.[0-9]{1,6})?) ?(?:([bkmgt])(?:i?b)?)?$/i;
const positiveBytesPattern = /^[0-9]{1,15}(?:\.[0-9]{1,6})? ?(?:[bkmgtBKMGT](?:[iI]?[bB])?)?$/;

/** What the engine itself needs to start a process. */
const leastMemoryBytes = 6 * 2 ** 20;
const mostMemoryBytes = 2 ** 50;

/** Null: unlimited. */
export const bytesKind: Kind<number | null> = {
  expected: 'bytes, as a number or as in "512m" or "1.5g", from 6m on',
  schema: {
    anyOf: [
      { type: "integer", minimum: leastMemoryBytes, maximum: mostMemoryBytes },
      { type: "string", pattern: positiveBytesPattern.source },
      unlimitedSchema,
    ],
  },
  isPrivate: false,
  read(written) {
    if (written === unlimited) return taken(null);
    const bytes = readBytes(written);
    if (bytes === null) return unexpected(bytesKind.expected);
    if (bytes <= 0) return refuseUnlimited();
    const fits = Number.isInteger(bytes) && bytes >= leastMemoryBytes && bytes <= mostMemoryBytes;
    return fits ? taken(bytes) : unexpected(bytesKind.expected);
  },
  print: (bytes) => (bytes === null ? unlimited : printBytes(bytes)),
};

/** In the largest unit of which it is a whole number. */
export function printBytes(bytes: number): string | number {
  const unit = (["t", "g", "m", "k"] as const).find((name) => bytes % unitBytes[name] === 0);
  return unit === undefined ? bytes : `${bytes / unitBytes[unit]}${unit}`;
}

/** Null: no number of bytes. */
function readBytes(written: unknown): number | null {
  if (typeof written === "number") return Number.isFinite(written) ? written : null;
  const match = typeof written === "string" ? bytesPattern.exec(written) : null;
  if (match === null) return null;
  const unit = (match[2] ?? "b").toLowerCase() as keyof typeof unitBytes;
  return Math.round(Number(match[1]) * unitBytes[unit]);
}

/** A number of a thing; null: unlimited. */
export function amountKind(
  expected: string,
  { least, most, whole }: { readonly least: number; readonly most: number; readonly whole: boolean },
): Kind<number | null> {
  return {
    expected,
    schema: {
      anyOf: [{ type: whole ? "integer" : "number", minimum: least, maximum: most }, unlimitedSchema],
    },
    isPrivate: false,
    read(written) {
      if (written === unlimited) return taken(null);
      if (typeof written !== "number" || Number.isNaN(written)) return unexpected(expected);
      if (written <= 0) return refuseUnlimited();
      const fits = written >= least && written <= most && (!whole || Number.isInteger(written));
      return fits ? taken(written) : unexpected(expected);
    },
    print: (value) => value ?? unlimited,
  };
}

const ulimitNumber: JsonSchema = { anyOf: [{ type: "integer", minimum: 0 }, unlimitedSchema] };

/** Soft and hard: a number for both, `"1024:4096"`, or an object; here 0 is a limit like any other. */
export const ulimitKind: Kind<UlimitSetting> = {
  expected: 'a limit, as in 1024, "1024:4096" or { soft: 1024, hard: 4096 }',
  schema: {
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "string", pattern: "^(?:[0-9]+|unlimited)(?::(?:[0-9]+|unlimited))?$" },
      {
        type: "object",
        properties: { soft: ulimitNumber, hard: ulimitNumber },
        minProperties: 1,
        additionalProperties: false,
      },
    ],
  },
  isPrivate: false,
  read(written) {
    const parts = ulimitParts(written);
    if (parts === null) return unexpected(ulimitKind.expected);
    if (parts.some((part) => Number(part) === -1)) return refuseUnlimited();
    const [soft, hard] = parts.map(readUlimit);
    if (soft === undefined || hard === undefined) return unexpected(ulimitKind.expected);
    if ((soft ?? Infinity) > (hard ?? Infinity)) {
      const why = "the soft limit is above the hard one";
      return refused("CONFIG_VALUE_INVALID", why, "Write the lower one first.");
    }
    return taken({ soft, hard });
  },
  print: ({ soft, hard }) =>
    soft === hard ? (soft ?? unlimited) : `${soft ?? unlimited}:${hard ?? unlimited}`,
};

/** Soft and hard as written; null: neither. */
function ulimitParts(written: unknown): readonly [unknown, unknown] | null {
  if (typeof written === "number" || written === unlimited) return [written, written];
  if (typeof written === "string") {
    const [soft, hard = soft, ...others] = written.split(":");
    return others.length === 0 ? [soft, hard] : null;
  }
  const object = asObject(written);
  if (object === null || Object.keys(object).some((key) => key !== "soft" && key !== "hard")) return null;
  const [soft, hard] = [ownValue(object, "soft"), ownValue(object, "hard")];
  return soft === undefined && hard === undefined ? null : [soft ?? hard, hard ?? soft];
}

/** Null: unlimited; `undefined`: neither that nor a number. */
function readUlimit(part: unknown): number | null | undefined {
  if (part === unlimited) return null;
  const number = typeof part === "string" && /^[0-9]{1,16}$/.test(part) ? Number(part) : part;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}
