import { essentialBins } from "../../recipe/catalog/essential-bins.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import { readImageLabels } from "./label-reader.ts";

/**
 * Commands that an image has by its labels, by those of the images below it, and since no Debian image can do without
 * them. Null where it is not one of ours, or is not there.
 */
export async function labelledBinaries(
  { images }: Pick<Engine, "images">,
  image: ImageDetails | null,
  signal: AbortSignal,
): Promise<readonly string[] | null> {
  let labels = image === null ? null : readImageLabels(image);
  if (labels === null) return null;
  const names = new Set<string>(essentialBins.keys());
  while (labels !== null) {
    for (const { name } of labels.binaries) names.add(name);
    const below: ImageDetails | null =
      labels.belowId === "" ? null : await images.inspect(labels.belowId, signal);
    labels = below === null ? null : readImageLabels(below);
  }
  return [...names];
}
