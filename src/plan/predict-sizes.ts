import { compareText } from "../diagnostic/compare-text.ts";
import { closeOver } from "../recipe/debian-closure.ts";
import type { LibraryRecipe, Recipe } from "../recipe/recipe.ts";
import type { ImagePlan } from "./image-plan.ts";
import { type PredictedLayer, predictLayer } from "./predict-layer.ts";
import { type SkillShare, shareBySkill } from "./share-by-skill.ts";
import type { KnownSizes } from "./size-of-tree.ts";

export interface SizeInput extends KnownSizes {
  /** Each after the one that it stands on. */
  readonly plans: readonly ImagePlan[];
  /** Whether the image from elsewhere, on which the lowest one stands, is a minimal Debian, as far as one knows. */
  readonly onMinimalBase: boolean;
  /** Who asked for which recipe. */
  readonly resolutions: readonly { readonly skill: string; readonly recipe: Recipe | LibraryRecipe | null }[];
}

export interface SizedPlan {
  readonly plan: ImagePlan;
  readonly size: PredictedSize;
}

/** What an image takes, in bytes, before anything is built. */
export interface PredictedSize {
  /** Of the files that its own layers are made from. */
  readonly downloadBytes: number;
  /** What its own layers add. */
  readonly installedBytes: number;
  /** With everything below. */
  readonly totalBytes: number;
  /** Whether parts of it were never measured, or something of unknown size is left out. */
  readonly estimated: boolean;
  /** Titles of trees, and names of packages, of which nothing is known: they count as nothing. Sorted. */
  readonly unknown: readonly string[];
  /** In build order. */
  readonly layers: readonly PredictedLayer[];
  /** Sorted by skill. */
  readonly skills: readonly SkillShare[];
}

/** Predicts every planned image from what is known of Debian's packages, of pinned trees, and of trees that were built. */
export function predictSizes(input: SizeInput): SizedPlan[] {
  const { plans, packages, onMinimalBase, resolutions } = input;
  const minimal = closeOver(packages.minimal(), new Set(), packages);
  const base: Contents = {
    present: new Set(minimal.added.keys()),
    totalBytes: [...minimal.added.values()].reduce((sum, each) => sum + each.package.installedBytes, 0),
    estimated: !onMinimalBase,
  };
  const contents = new Map<string, Contents>();
  return plans.map((plan) => {
    const below = (plan.below.kind === "planned" ? contents.get(plan.below.name) : undefined) ?? base;
    const present = new Set(below.present);
    const layers = plan.layers.map((layer) => predictLayer(layer, plan.stages, present, input));
    const downloadBytes = layers.reduce((sum, layer) => sum + layer.downloadBytes, 0);
    const installedBytes = layers.reduce((sum, layer) => sum + layer.installedBytes, 0);
    const totalBytes = below.totalBytes + installedBytes;
    const estimated = below.estimated || layers.some((layer) => layer.estimated);
    contents.set(plan.name, { present, totalBytes, estimated });
    const unknown = layers.flatMap((layer) => layer.unknown).sort(compareText);
    const skills = shareBySkill({ plan, layers, present: below.present, packages, resolutions });
    return { plan, size: { downloadBytes, installedBytes, totalBytes, estimated, unknown, layers, skills } };
  });
}

/** What an image has when it is finished. */
interface Contents {
  readonly present: ReadonlySet<string>;
  readonly totalBytes: number;
  readonly estimated: boolean;
}
