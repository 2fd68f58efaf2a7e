import { compareText } from "../diagnostic/compare-text.ts";
import type { BuildStage, ImagePlan, Layer, TreeStage } from "./image-plan.ts";
import type { DebianLock, LockedDeb, LockedParts } from "./part-lock.ts";

/** What is to be taken anew of a locked plan. */
export interface PartMoves {
  /** Packages and commands. */
  readonly names: ReadonlySet<string>;
  /** The same image as it would be planned today; null: it would be no more. */
  readonly fresh: ImagePlan | null;
  /** Package files that take the place of locked ones of the same name, with others that they need. */
  readonly debs: readonly LockedDeb[];
}

/** The locked parts of a plan that hold one of the names; `debian`: names of packages among those of its layers. */
export function findNamed(
  plan: Pick<ImagePlan, "stages" | "layers" | "locked">,
  names: ReadonlySet<string>,
): { readonly stages: readonly string[]; readonly debian: readonly string[] } {
  const debian = plan.layers
    .flatMap(({ id }) => plan.locked?.parts[id] ?? [])
    .flatMap((lock) => (lock.kind === "debian" ? lock.packages.map((deb) => deb.name) : []));
  return {
    stages: plan.stages.filter((stage) => isNamed(stage, names)).map(({ id }) => id),
    debian: [...new Set(debian.filter((name) => names.has(name)))].sort(compareText),
  };
}

function isNamed(stage: BuildStage, names: ReadonlySet<string>): boolean {
  if (stage.kind === "toolchain") return [...stage.packages, ...stage.alone].some((name) => names.has(name));
  return [...stage.packages.map(({ name }) => name), ...stage.bins].some((name) => names.has(name));
}

/**
 * The plan with the named parts as they would be planned today and without their locks, and with newer Debian packages
 * in the locks of its layers. Everything else stays locked. The plan's hash is not made anew.
 */
export function moveParts(plan: ImagePlan, { names, fresh, debs }: PartMoves): ImagePlan {
  const { stages: opened } = findNamed(plan, names);
  const replaced = new Map(
    plan.stages
      .filter(({ id }) => opened.includes(id))
      .map((stage) => [stage.id, stage.kind === "tree" ? successorOf(stage, fresh) : stage]),
  );
  return {
    ...plan,
    stages: plan.stages.map((stage) => replaced.get(stage.id) ?? stage),
    layers: plan.layers.map((layer) => moveLayer(layer, plan.stages, replaced)),
    ...(plan.locked === undefined ? {} : { locked: moveLocks(plan.locked, opened, names, debs) }),
  };
}

/** The stage that makes the same package's tree today, on what this one stands on. */
function successorOf(stage: TreeStage, fresh: ImagePlan | null): TreeStage {
  const found = fresh?.stages.find(
    (candidate): candidate is TreeStage =>
      candidate.kind === "tree" &&
      candidate.ecosystem === stage.ecosystem &&
      candidate.packages[0]?.name === stage.packages[0]?.name,
  );
  if (found === undefined) return stage;
  const { toolchain } = stage;
  const grounded = { ...found, toolchain };
  return "runtime" in grounded && "runtime" in stage ? { ...grounded, runtime: stage.runtime } : grounded;
}

function moveLayer(
  layer: Layer,
  stages: readonly BuildStage[],
  replaced: ReadonlyMap<string, BuildStage>,
): Layer {
  const outputs = stages.flatMap((stage) => {
    const next = replaced.get(stage.id);
    return stage.kind === "tree" && next?.kind === "tree" ? [[stage.output, next.output] as const] : [];
  });
  const move = (path: string): string => {
    const found = outputs.find(([from]) => path === from || path.startsWith(`${from}/`));
    return found === undefined ? path : `${found[1]}${path.slice(found[0].length)}`;
  };
  if (layer.kind === "trees") {
    const trees = layer.trees.map(({ stage, path }) => ({
      stage: replaced.get(stage)?.id ?? stage,
      path: move(path),
    }));
    return { ...layer, trees };
  }
  if (layer.kind === "links") {
    return { ...layer, links: layer.links.map(({ path, target }) => ({ path, target: move(target) })) };
  }
  return layer;
}

function moveLocks(
  { indexReadAt, parts }: LockedParts,
  opened: readonly string[],
  names: ReadonlySet<string>,
  debs: readonly LockedDeb[],
): LockedParts {
  const kept = Object.entries(parts).filter(([id]) => !opened.includes(id));
  const layers = kept.flatMap(([, lock]) => (lock.kind === "debian" ? [lock] : []));
  const known = new Set(layers.flatMap((lock) => lock.packages.map(({ name }) => name)));
  const added = debs.filter(({ name }) => !known.has(name));
  const home = layers.find((lock) => lock.packages.some(({ name }) => names.has(name)));
  return {
    indexReadAt,
    parts: Object.fromEntries(
      kept.map(([id, lock]) => [
        id,
        lock.kind === "debian" ? moveDebs(lock, debs, lock === home ? added : []) : lock,
      ]),
    ),
  };
}

function moveDebs(lock: DebianLock, debs: readonly LockedDeb[], added: readonly LockedDeb[]): DebianLock {
  const newer = new Map(debs.map((deb) => [deb.name, deb]));
  const packages = [...lock.packages.map((deb) => newer.get(deb.name) ?? deb), ...added];
  return { ...lock, packages: packages.sort((left, right) => compareText(left.name, right.name)) };
}
