import { compareText } from "../diagnostic/compare-text.ts";
import { sortRequesters } from "./demand.ts";
import { heavyPackagesMb } from "./heavy-packages.ts";
import type { Layer, PlannedFile, Requester, SandboxUser } from "./image-plan.ts";
import type { PlannedLink, PlannedTree } from "./planned-trees.ts";

/** Everything that becomes layers, in any order but for trees: those that others stand on come first. */
export interface LayerContents {
  /** Debian package (`name` or `name=version`) → who asked for it. */
  readonly packages: ReadonlyMap<string, readonly Requester[]>;
  readonly trees: readonly PlannedTree[];
  readonly links: readonly PlannedLink[];
  readonly files: readonly PlannedFile[];
  readonly user: { readonly user: SandboxUser; readonly writable: readonly string[] } | null;
  /** Who asked for the files and the user. */
  readonly definition: Requester | null;
}

/**
 * Engines stop at 125 to 127 layers in all, the ones below included. Beyond this many of its own, an image's trees
 * share layers.
 */
const ownLayerLimit = 80;

/**
 * The one order of layers: heavy Debian packages, each alone and the heaviest first; all light ones together; trees;
 * names; files; the user. Nothing after a layer is built before it, so a new light package leaves the heavy layers
 * alone, and a new tree leaves every package alone.
 */
export function orderLayers(contents: LayerContents): Layer[] {
  const before = packageLayers(contents.packages);
  const after = [...linkLayers(contents.links), ...fileLayers(contents), ...userLayers(contents)];
  return [...before, ...treeLayers(contents.trees, ownLayerLimit - before.length - after.length), ...after];
}

function packageLayers(packages: LayerContents["packages"]): Layer[] {
  const names = [...packages.keys()].sort(compareText);
  const heavy = names
    .filter((name) => weightOf(name) > 0)
    .sort((left, right) => weightOf(right) - weightOf(left) || compareText(left, right));
  const light = names.filter((name) => weightOf(name) === 0);
  return [
    ...heavy.map((name) => packageLayer(`packages-${withoutVersion(name)}`, [name], packages)),
    ...(light.length === 0 ? [] : [packageLayer("packages", light, packages)]),
  ];
}

function packageLayer(id: string, names: readonly string[], packages: LayerContents["packages"]): Layer {
  const requestedBy = sortRequesters(names.flatMap((name) => packages.get(name) ?? []));
  return { kind: "packages", id, title: `apt ${someOf(names)}`, requestedBy, packages: names };
}

function weightOf(packageName: string): number {
  const name = withoutVersion(packageName);
  return Object.hasOwn(heavyPackagesMb, name) ? (heavyPackagesMb[name] ?? 0) : 0;
}

function withoutVersion(packageName: string): string {
  return packageName.split("=", 1)[0] ?? packageName;
}

function treeLayers(trees: readonly PlannedTree[], limit: number): Layer[] {
  const perLayer = Math.ceil(trees.length / limit);
  const layers: Layer[] = [];
  for (let start = 0; start < trees.length; start += perLayer) {
    layers.push(treeLayer(trees.slice(start, start + perLayer)));
  }
  return layers;
}

function treeLayer(trees: readonly PlannedTree[]): Layer {
  const [first] = trees;
  return {
    kind: "trees",
    id: `tree-${nameOf(first?.path ?? "")}`,
    title: someOf(trees.map((tree) => tree.title)),
    requestedBy: sortRequesters(trees.flatMap((tree) => tree.requestedBy)),
    trees: trees.map(({ stage, path }) => ({ stage, path })),
  };
}

function linkLayers(links: readonly PlannedLink[]): Layer[] {
  if (links.length === 0) return [];
  const sorted = [...links].sort((left, right) => compareText(left.path, right.path));
  return [
    {
      kind: "links",
      id: "links",
      title: `links ${someOf(sorted.map((link) => nameOf(link.path)))}`,
      requestedBy: sortRequesters(sorted.flatMap((link) => link.requestedBy)),
      links: sorted.map(({ path, target }) => ({ path, target })),
    },
  ];
}

function fileLayers({ files, definition }: LayerContents): Layer[] {
  if (files.length === 0) return [];
  const sorted = [...files].sort((left, right) => compareText(left.target, right.target));
  const title = `files ${someOf(sorted.map((file) => nameOf(file.target)))}`;
  return [{ kind: "files", id: "files", title, requestedBy: definition ? [definition] : [], files: sorted }];
}

function userLayers({ user, definition }: LayerContents): Layer[] {
  if (user === null) return [];
  const writable = [...new Set(user.writable)].sort(compareText);
  const requestedBy = definition ? [definition] : [];
  return [
    { kind: "user", id: "user", title: `user ${user.user.name}`, requestedBy, user: user.user, writable },
  ];
}

function someOf(words: readonly string[]): string {
  const shown = words.slice(0, 3).join(" ");
  return words.length > 3 ? `${shown} and ${words.length - 3} more` : shown;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
