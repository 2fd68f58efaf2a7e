import { resolve } from "node:path";
import { z } from "zod";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import { packagesOf } from "../engine/lock/read-locked-parts.ts";
import { readRegularFile } from "../host/read-regular-file.ts";
import type { Epochs, ResolvedWith } from "../plan/compare-epochs.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { isImageReference } from "../plan/image-reference.ts";
import { type InventoryItem, inventoryOfPackages, inventoryOfPlan } from "../plan/inventory.ts";
import { plansOfLock } from "../plan/plans-of-lock.ts";
import { readLock } from "../source/lock-file.ts";
import type { Surroundings } from "./command.ts";

/** One side of a comparison. */
export interface DiffSide {
  readonly kind: "lock" | "plan" | "image";
  /** By the image's name. */
  readonly inventories: ReadonlyMap<string, readonly InventoryItem[]>;
  /** By the image's name; an image of the engine tells of none. */
  readonly epochs: ReadonlyMap<string, Epochs>;
}

const maxPlanBytes = 64_000_000;

/**
 * A lock, a document of `skillcrate plan --json`, or an image of the engine: whatever the word names. Throws
 * `INPUT_INVALID` where it names nothing, and `LOCK_BROKEN`.
 */
export async function readDiffSide(word: string, surroundings: Surroundings): Promise<DiffSide> {
  const file = resolve(surroundings.cwd, word);
  const read = readRegularFile(file, maxPlanBytes, { followLinks: true });
  if (read.ok) return readFileSide(file, read.bytes.toString("utf8"));
  if (isImageReference(word)) return await readImageSide(word, surroundings);
  throw new SkillcrateError("INPUT_INVALID", `${quoteValue(word)} is no file and no image's name.`, {
    hint: "Name a skillcrate.lock, what skillcrate plan --json has printed, or an image.",
  });
}

const documentSchema = z.looseObject({
  format: z.string(),
  result: z.looseObject({ images: z.array(z.looseObject({ format: z.literal("skillcrate/image-plan@1") })) }),
});

function readFileSide(file: string, text: string): DiffSide {
  const document = documentSchema.safeParse(parseJson(text));
  if (document.success && document.data.format === "skillcrate/plan@1") {
    // Written by this program; nothing of it goes further than into a table.
    return sideOf("plan", document.data.result.images as unknown as readonly ImagePlan[]);
  }
  const images = readLock(file)?.images ?? [];
  const resolved = new Map(images.map(({ plan, resolvedWith }) => [plan.name, resolvedWith]));
  return sideOf("lock", plansOfLock(images, []), resolved);
}

function sideOf(
  kind: DiffSide["kind"],
  plans: readonly ImagePlan[],
  resolved: ReadonlyMap<string, ResolvedWith> = new Map(),
): DiffSide {
  return {
    kind,
    inventories: new Map(plans.map((plan) => [plan.name, inventoryOfPlan(plan)])),
    epochs: new Map(plans.map(({ name, aptEpoch }) => [name, { aptEpoch, ...resolved.get(name) }])),
  };
}

async function readImageSide(reference: string, surroundings: Surroundings): Promise<DiffSide> {
  const engine = await connectEngine(surroundings);
  const image = await engine.images.inspect(reference, surroundings.signal);
  if (image === null) {
    throw new SkillcrateError(
      "IMAGE_NOT_FOUND",
      `${quoteValue(reference)} is no file, and no image of the engine.`,
      {
        hint: "Name a skillcrate.lock, what skillcrate plan --json has printed, or an image.",
      },
    );
  }
  const packages = await packagesOf(engine, image.id, surroundings.signal);
  return {
    kind: "image",
    inventories: new Map([[reference, inventoryOfPackages(packages)]]),
    epochs: new Map(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
