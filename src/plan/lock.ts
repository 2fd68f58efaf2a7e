import { z } from "zod";
import type { ResolvedWith } from "./compare-epochs.ts";
import { type ImagePlan, platforms } from "./image-plan.ts";
import { partLockSchema } from "./part-lock-schema.ts";

/**
 * `skillcrate.lock`: what images were really made from. Built from this they resolve nothing, ask no index, and hold the
 * same packages and files. Plain JSON.
 */
export interface Lock {
  readonly format: "skillcrate/lock@1";
  /** Sorted by name, then platform. */
  readonly images: readonly LockedImage[];
}

export interface LockedImage {
  /** What was asked for, in a few words each: `skill find-files` → `bins fd · 1c6b…`. Another answer asks for a new lock. */
  readonly inputs: LockInputs;
  /** Skills that were asked for and that the image is without, sorted by name. */
  readonly leftOut: readonly LockedLeftOut[];
  readonly resolvedWith: ResolvedWith;
  /** What its trees took, by their paths, sorted; absent: it has none. */
  readonly sizes?: LockedSizes;
  /**
   * The plan with the locks of its parts and without places. A planned image below is named by the digest of its own
   * entry in place of a plan's hash.
   */
  readonly plan: LockedPlan;
  /** Over inputs and plan, 64 hex digits: the rest tells of the image, and shapes nothing. */
  readonly digest: string;
}

/** A skill that is not in an image, and why. */
export interface LockedLeftOut {
  readonly skill: string;
  readonly reasons: readonly string[];
  /** For another system: that is no fault of the skill. */
  readonly elsewhere: boolean;
}

/** Bytes of a tree, as it was made: plans tell them where no package has been measured. */
export interface LockedSize {
  /** Of the files that it was made from; of several trees of one stage the first has them. */
  readonly downloadBytes: number;
  readonly installedBytes: number;
}

export type LockedSizes = Readonly<Record<string, LockedSize>>;
export type LockInputs = Readonly<Record<string, string>>;
export type LockedPlan = Omit<ImagePlan, "hash"> & Required<Pick<ImagePlan, "locked">>;

const text = z.string().max(1000);
const digest = z.string().regex(/^[0-9a-f]{64}$/, "64 hex digits");

/** Everything of a plan that reaches a builder is held to its grammar when it is rendered: this is about its shape. */
const partSchema = z.looseObject({
  kind: text,
  id: text,
  requestedBy: z.array(z.looseObject({ skill: text, bin: text })).optional(),
});

const leftOutSchema = z.strictObject({ skill: text, reasons: z.array(z.string()), elsewhere: z.boolean() });
const bytes = z.int().min(0);
const sizeSchema = z.strictObject({ downloadBytes: bytes, installedBytes: bytes });
const epoch = z.string().regex(/^[0-9a-f]{16}$/, "16 hex digits");

const planSchema = z.looseObject({
  format: z.literal("skillcrate/image-plan@1"),
  name: text,
  tag: text,
  platform: z.enum(platforms),
  below: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("external"),
      reference: text,
      digest: text.nullable(),
      imageId: text.nullable(),
    }),
    z.strictObject({ kind: z.literal("planned"), name: text, reference: text, hash: digest }),
  ]),
  aptEpoch: text,
  stages: z.array(partSchema),
  layers: z.array(partSchema),
  promises: z.array(z.looseObject({ name: text, requestedBy: z.array(z.looseObject({ skill: text })) })),
  locked: z.strictObject({
    indexReadAt: z.string().regex(/^\d{8}T\d{6}Z$/, "a time such as 20261122T051500Z"),
    parts: z.record(text, partLockSchema),
  }),
});

/** The shape of the file. What it cannot see, such as a plan that was edited, the digests of images do. */
export const lockSchema = z.strictObject({
  format: z.literal("skillcrate/lock@1"),
  images: z.array(
    z.strictObject({
      inputs: z.record(text, text),
      leftOut: z.array(leftOutSchema),
      resolvedWith: z.strictObject({ catalog: epoch, debianIndex: epoch }),
      sizes: z.record(text, sizeSchema).optional(),
      plan: planSchema,
      digest,
    }),
  ),
});
