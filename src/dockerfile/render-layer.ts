import type { Layer } from "../plan/image-plan.ts";
import { copy, from, type Instruction, runScript } from "./instruction.ts";
import { linksScript, userScript } from "./layer-scripts.ts";
import { installPackages } from "./render-packages.ts";
import type { RenderTarget } from "./render-target.ts";

/** Steps of the final stage that make a layer. */
export function renderLayer(layer: Layer, target: RenderTarget): Instruction[] {
  const { id } = layer;
  switch (layer.kind) {
    case "packages":
      return [installPackages(id, layer.packages, target)];
    case "trees":
      return [copyTrees(layer)];
    case "links":
      return [
        runScript(
          id,
          linksScript,
          layer.links.flatMap(({ path, target: to }) => [path, to]),
        ),
      ];
    case "files":
      return copyFiles(layer);
    case "user": {
      const { name, uid, gid, home } = layer.user;
      return [runScript(id, userScript, [name, String(uid), String(gid), home, ...layer.writable])];
    }
  }
}

/** Files that keep their names and go to one folder are one layer. */
function copyFiles({ id, files }: Extract<Layer, { kind: "files" }>): Instruction[] {
  const sources = new Map<string, string[]>();
  for (const { source, target } of files) {
    const name = target.slice(target.lastIndexOf("/") + 1);
    const to = `/${source}`.endsWith(`/${name}`) ? target.slice(0, -name.length) : target;
    sources.set(to, [...(sources.get(to) ?? []), contextPath(source)]);
  }
  return [...sources].map(([to, from]) => copy(id, from, to));
}

/** Where a planned file is in the build context. */
export function contextPath(source: string): string {
  return `files/${source}`;
}

type TreesLayer = Extract<Layer, { kind: "trees" }>;

const treesFolder = "/opt/skills/";

/** A stage that holds the trees of a layer together, where there are several: one copy from it is one layer. */
export function gatherTrees(layer: Layer): Instruction[] {
  if (layer.kind !== "trees" || layer.trees.length < 2) return [];
  return [
    from(layer.id, "scratch", gatherStage(layer)),
    ...layer.trees.map(({ stage, path }) => copy(layer.id, path, path, stage)),
  ];
}

function copyTrees(layer: TreesLayer): Instruction {
  const [first, ...others] = layer.trees;
  if (first === undefined) throw new RangeError(`layer ${layer.id} has no tree`);
  return others.length === 0
    ? copy(layer.id, first.path, first.path, first.stage)
    : copy(layer.id, treesFolder, treesFolder, gatherStage(layer));
}

function gatherStage(layer: TreesLayer): string {
  return `gather-${layer.id}`;
}
