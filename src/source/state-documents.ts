import { z } from "zod";
import type { ImageFacts } from "../engine/image-facts.ts";
import { platforms } from "../plan/image-plan.ts";
import { libraryLanguages, libraryNamings } from "../recipe/library.ts";

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");
const text = z.string().min(1).max(1000);

/** `base.json`: the Debian image that built-in images stand on, for each platform. */
export const baseDocument = z.strictObject({
  format: z.literal("skillcrate/base@1"),
  platforms: z.partialRecord(
    z.enum(platforms),
    z.strictObject({
      reference: text,
      /** What a registry calls it; null: no registry knows it. */
      digest: sha256.nullable(),
      /** What the engine calls it. */
      imageId: sha256.nullable(),
      /** Pulled from a registry, made from Debian packages here, or named by the user. */
      origin: z.enum(["pulled", "bootstrapped", "named"]),
    }),
  ),
});
export type BaseDocument = z.output<typeof baseDocument>;
export type RememberedBase = NonNullable<BaseDocument["platforms"][(typeof platforms)[number]]>;

/** `apt-epoch.json`: names the state of the apt index that packages come from; see `ImagePlan.aptEpoch`. */
export const aptEpochDocument = z.strictObject({
  format: z.literal("skillcrate/apt-epoch@1"),
  epoch: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.:_-]{0,63}$/, "letters, digits, dots, colons, dashes"),
});
export type AptEpochDocument = z.output<typeof aptEpochDocument>;

/** `updates.json`: the security updates that an image of ours was waiting for when it was last checked. */
export const updatesDocument = z.strictObject({
  format: z.literal("skillcrate/updates@1"),
  /** Keyed by tag. */
  images: z.record(
    text,
    z.strictObject({
      /** The image that was checked: another one under the tag has not been. */
      id: sha256,
      checkedAt: z.iso.datetime(),
      security: z.array(z.strictObject({ package: text, from: text, to: text })),
    }),
  ),
});
export type UpdatesDocument = z.output<typeof updatesDocument>;

/** `facts/<64 hex>.json`: what a probe saw inside one image. */
export const factsDocument = z.strictObject({
  format: z.literal("skillcrate/image-facts@1"),
  imageId: sha256,
  platform: text,
  user: z.strictObject({ name: z.string(), uid: z.int().min(0), gid: z.int().min(0), home: z.string() }),
  binaries: z.array(
    z.strictObject({
      name: text,
      path: z.string().nullable(),
      version: z.string().nullable(),
      versionArgs: z.array(z.string()).nullable(),
      found: z.strictObject({
        sh: z.boolean(),
        shLogin: z.boolean(),
        bashLogin: z.boolean().nullable(),
        exec: z.boolean(),
        unknownUid: z.boolean(),
      }),
      ok: z.boolean(),
      problem: z.string().nullable(),
    }),
  ),
  libraries: z
    .array(
      z.strictObject({
        language: z.enum(libraryLanguages),
        naming: z.enum(libraryNamings),
        name: text,
        version: z.string().nullable(),
        ok: z.boolean(),
        problem: z.string().nullable(),
      }),
    )
    .exactOptional(),
  packages: z.record(text, z.string()),
}) satisfies z.ZodType<ImageFacts>;
