import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Engine } from "../engine/engine.ts";
import { isBinaryName } from "../engine/label/label-reader.ts";
import { labelledBinaries } from "../engine/label/labelled-binaries.ts";
import { verifyImage } from "../engine/probe/verify-image.ts";

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
  const labelled = await labelledBinaries(engine, image, signal);
  if (labelled !== null) return labelled;
  const binaries = (await wanted()).filter(isBinaryName);
  if (binaries.length === 0) return [];
  const { facts } = await verifyImage(engine, image.id, { signal, binaries });
  return facts.binaries.filter(({ ok }) => ok).map(({ name }) => name);
}
