import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Engine, ImageDetails } from "../engine/engine.ts";
import { isBinaryName, readImageLabels } from "../engine/label/label-reader.ts";
import { verifyImage } from "../engine/probe/verify-image.ts";
import { essentialBins } from "../recipe/catalog/essential-bins.ts";

/**
 * Which commands an image has. One of ours says it in its labels, and so do those below it; in any other the `wanted`
 * ones are run. Throws `IMAGE_NOT_FOUND`: nothing is pulled.
 */
export async function readImageBins(
  engine: Engine,
  reference: string,
  wanted: () => Promise<readonly string[]>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const image = await engine.images.inspect(reference, signal);
  if (image === null) {
    throw new SkillcrateError("IMAGE_NOT_FOUND", `The engine has no image ${quoteValue(reference)}.`, {
      hint: "Build it first: skillcrate build PATHS... --name NAME",
    });
  }
  if (readImageLabels(image) !== null) return labelledBins(engine, image, signal);
  const binaries = (await wanted()).filter(isBinaryName);
  if (binaries.length === 0) return [];
  const { facts } = await verifyImage(engine, image.id, { signal, binaries });
  return facts.binaries.filter(({ ok }) => ok).map(({ name }) => name);
}

/** Its own, those of the images below that are ours, and what no Debian image can do without. */
async function labelledBins(
  engine: Engine,
  image: ImageDetails,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const bins = new Set(essentialBins.keys());
  let labels = readImageLabels(image);
  while (labels !== null) {
    for (const { name } of labels.binaries) bins.add(name);
    const below = labels.belowId === "" ? null : await engine.images.inspect(labels.belowId, signal);
    labels = below === null ? null : readImageLabels(below);
  }
  return [...bins];
}
