import { formatCommand } from "../../diagnostic/format-command.ts";
import { keptSettings } from "../../dockerfile/kept-settings.ts";
import type { ImageDetails } from "../../engine/engine.ts";
import { imageLabels } from "../../engine/label/label-names.ts";
import { type ImageLabels, readImageLabels } from "../../engine/label/label-reader.ts";
import { plainTag } from "../../engine/label/plain-tag.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import { formatCount } from "../../report/format-count.ts";
import { planImages } from "../plan-images.ts";
import { platformOfProcess } from "../platform-of-process.ts";
import { readPlanGround } from "../read-plan-ground.ts";
import { readPlanSources } from "../read-plan-sources.ts";
import { readUserOverlay } from "../read-user-overlay.ts";
import { hasTagPrefix } from "../tag-prefix.ts";
import { type Check, ok, type Patient } from "./check.ts";

/** An image of ours under the tag that it was built for. */
export interface OwnImage {
  readonly image: ImageDetails;
  readonly labels: ImageLabels;
}

/** The built-in images against their plans, and whatever skills images there are under the same prefix. */
export async function checkImages(patient: Patient): Promise<{ checks: Check[]; present: OwnImage[] }> {
  const { context, engine, state, network } = patient;
  const user = await readUserOverlay(context.options.config, context);
  const sources = await readPlanSources(
    [],
    { only: builtIns, name: null, noInfer: true },
    context,
    builtIns,
    user,
  );
  const { ground } = await readPlanGround(state, platformOfProcess(), context.options.baseImage);
  const { plans } = planImages(
    sources,
    { ...ground, ...keptSettings(network) },
    {
      base: null,
      accept: [],
      allow: [],
      tagPrefix: context.options.tagPrefix,
    },
  );
  const own = await findOwn(patient);
  const planned = await Promise.all(
    plans.map(async (plan) =>
      checkPlanned(plan, await engine.images.inspect(plan.tag), context.options.tagPrefix),
    ),
  );
  const others = own.filter(({ labels }) => plans.every((plan) => plan.tag !== labels.tag));
  return { checks: [...planned, ...others.map(describeOwn)], present: own };
}

const builtIns = ["base", "common", "browser"] as const;

async function findOwn({ engine, context }: Patient): Promise<OwnImage[]> {
  const images = await engine.images.list(imageLabels.plan);
  return images.flatMap((image) => {
    const labels = readImageLabels(image);
    return labels !== null &&
      hasTagPrefix(labels.tag, context.options.tagPrefix) &&
      image.tags.map(plainTag).includes(plainTag(labels.tag))
      ? [{ image, labels }]
      : [];
  });
}

function checkPlanned(
  { name, tag, hash }: ImagePlan,
  image: ImageDetails | null,
  tagPrefix: string | null,
): Check {
  const prefix = tagPrefix === null ? [] : ["--tag-prefix", tagPrefix];
  const fix = formatCommand(["skillcrate", "setup", "--only", name, ...prefix]);
  if (image === null) return { name, status: "warning", detail: `${tag} is not built`, fix };
  const labels = readImageLabels(image);
  if (labels === null) {
    return { name, status: "warning", detail: `${tag} was not built here; nothing is known of it`, fix };
  }
  if (labels.planHash !== hash)
    return { name, status: "warning", detail: `${tag} was built from another plan`, fix };
  return describeOwn({ image, labels });
}

function describeOwn({ labels: { name, tag, binaries } }: OwnImage): Check {
  return ok(name, `${tag}, ${formatCount(binaries.length, "binary", "binaries")} run`);
}
