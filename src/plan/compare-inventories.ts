import { compareText } from "../diagnostic/compare-text.ts";
import type { InventoryGroup, InventoryItem } from "./inventory.ts";

/** A package that is another on the right than on the left. */
export interface InventoryDifference {
  readonly image: string;
  readonly group: InventoryGroup;
  readonly name: string;
  /** `content`: the same version, and another file. */
  readonly change: "added" | "removed" | "version" | "content";
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** How much more is downloaded for it; null where either side does not tell. */
  readonly bytes: number | null;
}

/**
 * What differs, sorted as inventories are. Where one side does not know a version or a digest, that is no difference.
 */
export function compareInventories(
  image: string,
  left: readonly InventoryItem[],
  right: readonly InventoryItem[],
): InventoryDifference[] {
  const before = new Map(left.map((item) => [keyOf(item), item]));
  const after = new Map(right.map((item) => [keyOf(item), item]));
  return [...new Set([...before.keys(), ...after.keys()])].sort(compareText).flatMap((key) => {
    const from = before.get(key);
    const to = after.get(key);
    const known = to ?? from;
    const change = changeOf(from, to);
    if (known === undefined || change === null) return [];
    const { group, name } = known;
    const versions = { from: from?.versions ?? [], to: to?.versions ?? [] };
    return [{ image, group, name, change, ...versions, bytes: bytesOf(from, to) }];
  });
}

function keyOf({ group, name }: InventoryItem): string {
  return `${group} ${name}`;
}

function changeOf(
  from: InventoryItem | undefined,
  to: InventoryItem | undefined,
): InventoryDifference["change"] | null {
  if (from === undefined) return "added";
  if (to === undefined) return "removed";
  if (differ(from.versions, to.versions)) return "version";
  return differ(from.digests, to.digests) ? "content" : null;
}

function differ(left: readonly string[], right: readonly string[]): boolean {
  return left.length > 0 && right.length > 0 && left.join() !== right.join();
}

function bytesOf(from: InventoryItem | undefined, to: InventoryItem | undefined): number | null {
  const before = from === undefined ? 0 : from.sizeBytes;
  const after = to === undefined ? 0 : to.sizeBytes;
  return before === null || after === null ? null : after - before;
}
