import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImageBelow, ImagePlan } from "../../plan/image-plan.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import { readImageLabels } from "../label/label-reader.ts";

/**
 * The image that a plan stands on, as the engine has it now. Throws `IMAGE_NOT_FOUND` where it is not there, and
 * `IMAGE_BELOW_CHANGED` where its tag leads to another one than was planned.
 */
export async function findBelow(engine: Engine, plan: ImagePlan, signal: AbortSignal): Promise<ImageDetails> {
  const { below } = plan;
  const image = await engine.images.inspect(nameOf(below), signal);
  if (image === null) {
    throw new SkillcrateError(
      "IMAGE_NOT_FOUND",
      `${plan.name} stands on ${quoteValue(below.reference)}, which the engine does not have`,
      { hint: "Build or fetch that image first." },
    );
  }
  if (below.kind === "planned" && readImageLabels(image)?.planHash !== below.hash) throw changed(plan);
  return image;
}

/**
 * The image that a finished build really stands on: the one that was there before the build, or the one that another
 * process has put in its place meanwhile and that was made from the same plan. Throws `IMAGE_BELOW_CHANGED` otherwise.
 */
export async function requireBelow(
  engine: Engine,
  plan: ImagePlan,
  before: ImageDetails,
  built: ImageDetails,
  signal: AbortSignal,
): Promise<ImageDetails> {
  if (standsOn(built, before)) return before;
  const now = await findBelow(engine, plan, signal);
  if (standsOn(built, now)) return now;
  throw changed(plan);
}

function nameOf(below: ImageBelow): string {
  if (below.kind === "planned") return below.reference;
  return below.imageId ?? (below.digest === null ? below.reference : `${below.reference}@${below.digest}`);
}

function standsOn(image: ImageDetails, below: ImageDetails): boolean {
  return below.layers.every((layer, index) => image.layers[index] === layer);
}

function changed(plan: ImagePlan): SkillcrateError {
  return new SkillcrateError(
    "IMAGE_BELOW_CHANGED",
    `${quoteValue(plan.below.reference)} is not the image that ${plan.name} was planned on`,
    { hint: "Something else has tagged an image with that name. Run the command again: it is built anew." },
  );
}
