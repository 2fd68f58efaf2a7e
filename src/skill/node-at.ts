import type { HeadNode } from "./head-node.ts";

/** The node at a path of keys and indexes; null where there is none. */
export function nodeAt(tree: HeadNode, path: readonly PropertyKey[]): HeadNode | null {
  let node: HeadNode | undefined = tree;
  for (const key of path) {
    if (node?.type === "map") node = node.entries.get(String(key))?.value;
    else if (node?.type === "list") node = node.items[Number(key)];
    else return null;
  }
  return node ?? null;
}

/** Where the last key of a path stands; null where it is none of a map. */
export function keyOffsetAt(tree: HeadNode, path: readonly PropertyKey[]): number | null {
  const parent = nodeAt(tree, path.slice(0, -1));
  return parent?.type === "map" ? (parent.entries.get(String(path.at(-1)))?.keyOffset ?? null) : null;
}
