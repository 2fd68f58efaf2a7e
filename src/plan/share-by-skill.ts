import { compareText } from "../diagnostic/compare-text.ts";
import { type AddedPackage, closeOver } from "../recipe/debian-closure.ts";
import type { LibraryRecipe, Recipe } from "../recipe/recipe.ts";
import type { ImagePlan, Layer } from "./image-plan.ts";
import { type PredictedLayer, withoutVersion } from "./predict-layer.ts";
import type { SizeInput } from "./predict-sizes.ts";

/**
 * What a skill brings to an image: what only it needs, and its part of what it needs together with others. Without what
 * the image below has.
 */
export interface SkillShare {
  readonly skill: string;
  readonly downloadBytes: number;
  readonly installedBytes: number;
  /** Titles of layers of trees that it has a part in and of which nothing is known: they count as nothing. */
  readonly unknown: readonly string[];
}

export interface ShareInput extends Pick<SizeInput, "packages" | "resolutions"> {
  readonly plan: ImagePlan;
  readonly layers: readonly PredictedLayer[];
  /** Packages of the image below. */
  readonly present: ReadonlySet<string>;
}

/** Empty for images that no skill asked for. Sorted by skill. */
export function shareBySkill(input: ShareInput): SkillShare[] {
  const shares = new Map(skillsOf(input.plan.layers).map((skill) => [skill, emptyShare()]));
  for (const { skills, downloadBytes, installedBytes, unknown } of [
    ...shareTrees(input),
    ...sharePackages(input),
  ]) {
    for (const skill of skills) {
      const share = shares.get(skill) ?? emptyShare();
      share.downloadBytes += downloadBytes / skills.length;
      share.installedBytes += installedBytes / skills.length;
      share.unknown.push(...unknown);
    }
  }
  return [...shares]
    .sort(([left], [right]) => compareText(left, right))
    .map(([skill, { downloadBytes, installedBytes, unknown }]) => ({
      skill,
      downloadBytes: Math.round(downloadBytes),
      installedBytes: Math.round(installedBytes),
      unknown,
    }));
}

function emptyShare(): { downloadBytes: number; installedBytes: number; unknown: string[] } {
  return { downloadBytes: 0, installedBytes: 0, unknown: [] };
}

/** Something that several skills have together. */
interface Shared extends Omit<SkillShare, "skill"> {
  readonly skills: readonly string[];
}

function shareTrees({ plan, layers }: ShareInput): Shared[] {
  return plan.layers.flatMap((layer, index) => {
    const size = layers[index];
    if (layer.kind !== "trees" || size === undefined) return [];
    const { downloadBytes, installedBytes, unknown } = size;
    return [{ skills: skillsOf([layer]), downloadBytes, installedBytes, unknown }];
  });
}

/** Definitions of images ask too, but are no skills. */
function skillsOf(layers: readonly Layer[]): string[] {
  const requesters = layers.flatMap((layer) => layer.requestedBy.map(({ skill }) => skill));
  return [...new Set(requesters)].filter((skill) => !skill.startsWith("images/"));
}

function sharePackages({ plan, present, packages, resolutions }: ShareInput): Shared[] {
  const asked = new Set(
    plan.layers.flatMap((layer) => (layer.kind === "packages" ? layer.packages.map(withoutVersion) : [])),
  );
  const { added } = closeOver(asked, present, packages);
  const users = new Map([...added.keys()].map((name): [string, string[]] => [name, []]));
  const wanted = askedBySkill(resolutions, asked);
  for (const skill of skillsOf(plan.layers)) {
    const roots = wanted.get(skill) ?? new Set();
    for (const name of reach(roots, added)) users.get(name)?.push(skill);
  }
  return [...users].flatMap(([name, skills]) => {
    const found = added.get(name)?.package;
    if (found === undefined) return [];
    const { downloadBytes, installedBytes } = found;
    return [{ skills, downloadBytes, installedBytes, unknown: [] }];
  });
}

function askedBySkill(
  resolutions: SizeInput["resolutions"],
  asked: ReadonlySet<string>,
): Map<string, Set<string>> {
  const roots = new Map<string, Set<string>>();
  for (const { skill, recipe } of resolutions) {
    const own = roots.get(skill) ?? new Set();
    roots.set(skill, own);
    for (const name of debianOf(recipe)) if (asked.has(name)) own.add(name);
  }
  return roots;
}

/** The Debian packages that a recipe asks for by name. */
function debianOf(recipe: Recipe | LibraryRecipe | null): readonly string[] {
  if (recipe?.kind === "apt") return [recipe.package, ...(recipe.with ?? [])];
  return recipe !== null && "debian" in recipe ? (recipe.debian ?? []) : [];
}

/** `roots` and everything that was taken for them. */
function reach(roots: ReadonlySet<string>, added: ReadonlyMap<string, AddedPackage>): Set<string> {
  const reached = new Set(roots);
  // A set is walked in the order in which it grows.
  for (const name of reached) for (const needed of added.get(name)?.needs ?? []) reached.add(needed);
  return reached;
}
