import { hashPlan } from "./hash-plan.ts";
import type { BuildStage, ImagePlan, Layer, PythonTreeStage } from "./image-plan.ts";

/**
 * The plan without its optional stages, or without those of them that are named, their trees, names and promises; the same
 * plan where it has none.
 */
export function leaveOutOptional(plan: ImagePlan, ids: ReadonlySet<string> | null = null): ImagePlan {
  const dropped = plan.stages.filter(isOptional).filter(({ id }) => ids === null || ids.has(id));
  if (dropped.length === 0) return plan;
  const goes = new Set(dropped.map(({ id }) => id));
  const stages = withoutIdleToolchains(plan.stages.filter(({ id }) => !goes.has(id)));
  const layers = plan.layers.map((layer) => withoutTrees(layer, dropped)).filter((layer) => layer !== null);
  const bins = new Set(dropped.flatMap((stage) => stage.bins));
  const promises = plan.promises.filter((promise) => !bins.has(promise.name));
  const { hash: _old, ...rest } = plan;
  const kept = { ...rest, stages, layers, promises };
  return { ...kept, hash: hashPlan(kept) };
}

function isOptional(stage: BuildStage): stage is PythonTreeStage {
  return stage.kind === "tree" && stage.ecosystem === "python" && stage.optional;
}

function withoutIdleToolchains(stages: readonly BuildStage[]): BuildStage[] {
  const used = new Set(stages.flatMap((stage) => (stage.kind === "tree" ? [stage.toolchain] : [])));
  return stages.filter((stage) => stage.kind === "tree" || used.has(stage.id));
}

function withoutTrees(layer: Layer, dropped: readonly PythonTreeStage[]): Layer | null {
  if (layer.kind === "trees") {
    const trees = layer.trees.filter((tree) => !dropped.some((stage) => stage.id === tree.stage));
    return trees.length === 0 ? null : { ...layer, trees };
  }
  if (layer.kind === "links") {
    const links = layer.links.filter(
      (link) => !dropped.some((stage) => link.target.startsWith(`${stage.output}/`)),
    );
    return links.length === 0 ? null : { ...layer, links };
  }
  return layer;
}
