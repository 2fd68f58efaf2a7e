import type { ImagePlan, Layer, Requester } from "../plan/image-plan.ts";
import type { SizedPlan } from "../plan/predict-sizes.ts";
import { tracePackage } from "../plan/trace-package.ts";
import type { DebianPackages } from "../recipe/debian-packages.ts";
import type { LibraryResolution } from "../recipe/library.ts";
import type { Resolution } from "../recipe/recipe.ts";
import type { Trace, TracedLayer } from "../report/format-trace.ts";
import type { PlannedImages } from "./plan-images.ts";

export interface TraceInput {
  readonly planned: PlannedImages;
  readonly sized: readonly SizedPlan[];
  readonly packages: DebianPackages;
}

/** Everything that is known of a name: as a command, as a library, and as a package. */
export function findTraces(name: string, { planned, sized, packages }: TraceInput): Trace[] {
  const { plans, profiles } = planned;
  // For each skills image by itself: another one's layers are none of its own.
  const images = profiles.map((profile) => {
    const others = new Set(profiles.map((other) => other.name).filter((other) => other !== profile.name));
    return { ...profile, sized: sized.filter(({ plan }) => !others.has(plan.name)) };
  });
  const commands = (matches: (row: Resolution) => boolean): Trace[] =>
    images.flatMap((image) => image.resolutions.filter(matches).map((row) => commandTrace(row, image.sized)));
  const libraries = (matches: (row: LibraryResolution) => boolean): Trace[] =>
    images.flatMap((image) => image.libraries.filter(matches).map((row) => libraryTrace(row, image.sized)));
  const asked = [
    ...commands(({ bin }) => bin === name),
    ...plans.flatMap((plan) => definitionTraces(name, plan, sized)),
    ...libraries((row) => isLibrary(row, name)),
  ];
  if (asked.length > 0) return asked;
  const chosen = [
    ...commands(({ recipe, status }) => recipe?.package === name && status === "resolved"),
    ...libraries(({ recipe, status }) => recipe?.package === name && status === "resolved"),
  ].map((trace) => ({ ...trace, name, kind: "package" as const }));
  return chosen.length > 0 ? chosen : neededTraces(name, plans, sized, packages);
}

function commandTrace(row: Resolution, sized: readonly SizedPlan[]): Trace {
  const { skill, bin, place, status, evidence, recipe, reason } = row;
  const isAsker = (requester: Requester): boolean =>
    requester.bin === bin && (status === "present" || requester.skill === skill);
  return {
    name: bin,
    kind: "command",
    requester: skill,
    place: place ?? null,
    status,
    evidence,
    recipe,
    reason,
    // One that is present comes from whoever brought it.
    layers: isThere(status) ? layersAskedFor(isAsker, sized) : [],
  };
}

function isThere(status: Resolution["status"]): boolean {
  return status === "resolved" || status === "present";
}

/** What a built-in image brings by itself. */
function definitionTraces(name: string, plan: ImagePlan, sized: readonly SizedPlan[]): Trace[] {
  return plan.promises
    .filter((promise) => promise.name === name)
    .flatMap(({ requestedBy }) => requestedBy)
    .filter(({ skill }) => skill.startsWith("images/"))
    .map(({ skill, place }) => ({
      name,
      kind: "command",
      requester: skill,
      place: place ?? null,
      status: "resolved",
      evidence: null,
      recipe: null,
      reason: `the image definition ${skill} lists it`,
      layers: layersAskedFor(
        (requester) => requester.skill === skill && requester.bin === name,
        sized.filter((each) => each.plan.name === plan.name),
      ),
    }));
}

function isLibrary({ library, promise }: LibraryResolution, name: string): boolean {
  return library === name || promise?.name === name;
}

function libraryTrace(row: LibraryResolution, sized: readonly SizedPlan[]): Trace {
  const { skill, library, language, place, status, evidence, recipe, reason } = row;
  const isAsker = (requester: Requester): boolean =>
    requester.skill === skill &&
    requester.library?.language === language &&
    [library, row.promise?.name].includes(requester.library.name);
  return {
    name: library,
    kind: "library",
    requester: skill,
    place: place ?? null,
    status,
    evidence,
    recipe,
    reason,
    layers: isThere(status) ? layersAskedFor(isAsker, sized) : [],
  };
}

/** A package that nobody asked for, and that others need. */
function neededTraces(
  name: string,
  plans: readonly ImagePlan[],
  sized: readonly SizedPlan[],
  packages: DebianPackages,
): Trace[] {
  return tracePackage(name, plans, packages).flatMap(({ image, layer, path, requestedBy }) => {
    const isLayer = (candidate: Layer): boolean => candidate.id === layer;
    const found = sized.filter(({ plan }) => plan.name === image);
    return requestedBy.slice(0, 1).map(
      ({ skill, place }): Trace => ({
        name,
        kind: "package",
        requester: skill,
        place: place ?? null,
        status: "resolved",
        evidence: null,
        recipe: { kind: "apt", package: name },
        reason: path.length === 1 ? "it is asked for by its name" : `needed: ${path.join(" → ")}`,
        layers: found.flatMap((each) => layersOf(each, isLayer)),
      }),
    );
  });
}

function layersAskedFor(
  isAsker: (requester: Requester) => boolean,
  sized: readonly SizedPlan[],
): TracedLayer[] {
  return sized.flatMap((each) => layersOf(each, ({ requestedBy }) => requestedBy.some(isAsker)));
}

function layersOf({ plan, size }: SizedPlan, matches: (layer: Layer) => boolean): TracedLayer[] {
  return plan.layers.filter(matches).map(({ id, title }) => {
    const predicted = size.layers.find((layer) => layer.id === id);
    return {
      image: plan.name,
      tag: plan.tag,
      layer: id,
      title,
      downloadBytes: predicted?.downloadBytes ?? 0,
      installedBytes: predicted?.installedBytes ?? 0,
      estimated: predicted?.estimated ?? true,
      unknown: predicted?.unknown ?? [title],
    };
  });
}
