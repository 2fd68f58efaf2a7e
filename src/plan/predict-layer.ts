import { closeOver } from "../recipe/debian-closure.ts";
import type { DebianPackages } from "../recipe/debian-packages.ts";
import type { BuildStage, Layer } from "./image-plan.ts";
import { type KnownSizes, sizeOfTree } from "./size-of-tree.ts";

export interface PredictedLayer {
  /** The layer's id. */
  readonly id: string;
  readonly downloadBytes: number;
  readonly installedBytes: number;
  /** Whether parts of it were never measured. */
  readonly estimated: boolean;
  /** Of what nothing is known, and which counts as nothing. */
  readonly unknown: readonly string[];
}

/** Adds the layer's packages to `present`. */
export function predictLayer(
  layer: Layer,
  stages: readonly BuildStage[],
  present: Set<string>,
  known: KnownSizes,
): PredictedLayer {
  if (layer.kind === "packages") return predictPackages(layer.id, layer.packages, present, known.packages);
  if (layer.kind === "trees") {
    const sizes = layer.trees.map((tree) => sizeOfTree(tree, stages, known));
    return {
      id: layer.id,
      downloadBytes: sizes.reduce((sum, size) => sum + (size?.downloadBytes ?? 0), 0),
      installedBytes: sizes.reduce((sum, size) => sum + (size?.installedBytes ?? 0), 0),
      estimated: sizes.some((size) => size?.measured !== true),
      unknown: sizes.includes(null) ? [layer.title] : [],
    };
  }
  return { id: layer.id, downloadBytes: 0, installedBytes: 0, estimated: false, unknown: [] };
}

function predictPackages(
  id: string,
  names: readonly string[],
  present: Set<string>,
  packages: DebianPackages,
): PredictedLayer {
  const { added, missing } = closeOver(names.map(withoutVersion), present, packages);
  for (const name of added.keys()) present.add(name);
  const all = [...added.values()].map((each) => each.package);
  return {
    id,
    downloadBytes: all.reduce((sum, each) => sum + each.downloadBytes, 0),
    installedBytes: all.reduce((sum, each) => sum + each.installedBytes, databaseBytes(present.size)),
    estimated: missing.length > 0 || all.some((each) => !each.measured),
    unknown: missing,
  };
}

/** `name=version` is the name of a package in one version. */
export function withoutVersion(name: string): string {
  return name.split("=", 1)[0] ?? name;
}

/**
 * What a layer with packages holds besides them: the database of all packages there are, which each such layer has
 * whole, the questions that packages may ask, and the caches that are made anew.
 */
function databaseBytes(packageCount: number): number {
  return packageCount * bytesOfStatus + bytesOfCaches;
}

const bytesOfStatus = 950;
const bytesOfCaches = 750_000;
