import { compareText } from "../diagnostic/compare-text.ts";
import type { BuildStage, ImagePlan, Layer } from "./image-plan.ts";
import type { LockedDeb, PartLock } from "./part-lock.ts";

/** Where a package comes from; `debian-stage`: one that helps to build and does not reach the image. */
export type InventoryGroup =
  | "base"
  | "debian"
  | "debian-stage"
  | "npm"
  | "python"
  | "go"
  | "cargo"
  | "download"
  | "brew";

/** A package of an image, under all versions that it has there. */
export interface InventoryItem {
  readonly group: InventoryGroup;
  readonly name: string;
  /** Sorted; empty where none is known. */
  readonly versions: readonly string[];
  /** Digests as the ecosystem writes them, sorted; empty where none is known. */
  readonly digests: readonly string[];
  /** Of what is downloaded for it; null: not known. */
  readonly sizeBytes: number | null;
}

/** What an image is made from, as far as its plan tells: exactly, where it is locked. Sorted by group and name. */
export function inventoryOfPlan(plan: ImagePlan): InventoryItem[] {
  const { below, stages, layers, locked } = plan;
  const base = below.kind === "external" ? [external(below.reference, below.digest ?? below.imageId)] : [];
  const parts = [...stages, ...layers].flatMap((part) => {
    const lock = locked?.parts[part.id];
    return lock === undefined ? itemsOfPart(part) : itemsOfLock(lock, part);
  });
  return mergeItems([...base, ...parts]);
}

/** What an image holds, as its package database tells. */
export function inventoryOfPackages(packages: Readonly<Record<string, string>>): InventoryItem[] {
  return mergeItems(Object.entries(packages).map(([name, version]) => item("debian", name, version)));
}

function external(reference: string, digest: string | null): InventoryItem {
  return item("base", reference, null, digest);
}

function item(
  group: InventoryGroup,
  name: string,
  version: string | null,
  digest: string | null = null,
  sizeBytes: number | null = null,
): InventoryItem {
  return {
    group,
    name,
    versions: version === null || version === "" ? [] : [version],
    digests: digest === null ? [] : [digest],
    sizeBytes,
  };
}

function itemsOfPart(part: BuildStage | Layer): InventoryItem[] {
  switch (part.kind) {
    case "toolchain":
      return part.packages.map((name) => debianName("debian-stage", name));
    case "packages":
      return part.packages.map((name) => debianName("debian", name));
    case "tree":
      return part.packages.map(({ name, version }) => item(groups[part.ecosystem], name, version));
    default:
      return [];
  }
}

const groups = {
  node: "npm",
  npm: "npm",
  "node-libraries": "npm",
  python: "python",
  "python-libraries": "python",
  go: "go",
  cargo: "cargo",
  download: "download",
  brew: "brew",
} as const;

function debianName(group: InventoryGroup, text: string): InventoryItem {
  const [name = text, version = null] = text.split("=", 2);
  return item(group, name, version);
}

function itemsOfLock(lock: PartLock, part: BuildStage | Layer): InventoryItem[] {
  switch (lock.kind) {
    case "debian":
      return lock.packages.map((deb) => debItem("debian", deb));
    case "toolchain":
      return [...lock.installed, ...lock.unpacked].map((deb) => debItem("debian-stage", deb));
    case "npm":
      return Object.entries(lock.packages).map(([path, { name, version, integrity }]) =>
        item("npm", name ?? path.slice(path.lastIndexOf("node_modules/") + 13), version, integrity),
      );
    case "python":
      return lock.packages.map(({ name, version, sha256 }) => item("python", name, version, sha256));
    case "go":
      return lock.sums.map((line) => {
        const [module = "", version = null, sum = null] = line.split(" ");
        return item("go", module, version, sum);
      });
    case "cargo":
      return lock.crates
        .filter(({ unused }) => unused !== true)
        .map(({ sha256, entry: { name, vers } }) => item("cargo", name, vers, sha256));
    case "download": {
      const [file] = part.kind === "tree" ? part.packages : [];
      return [item("download", file?.name ?? part.id, file?.version ?? null, lock.sha256, lock.sizeBytes)];
    }
  }
}

function debItem(group: InventoryGroup, { name, version, sha256, sizeBytes }: LockedDeb): InventoryItem {
  return item(group, name, version, sha256, sizeBytes);
}

/** One item for each package, whatever parts have it. */
function mergeItems(items: readonly InventoryItem[]): InventoryItem[] {
  const merged = new Map<string, InventoryItem>();
  for (const next of items) {
    const key = `${next.group} ${next.name}`;
    const known = merged.get(key);
    merged.set(key, known === undefined ? next : merge(known, next));
  }
  return [...merged].sort(([left], [right]) => compareText(left, right)).map(([, found]) => found);
}

function merge(left: InventoryItem, right: InventoryItem): InventoryItem {
  const fresh = right.digests.some((digest) => !left.digests.includes(digest));
  return {
    ...left,
    versions: union(left.versions, right.versions),
    digests: union(left.digests, right.digests),
    sizeBytes: fresh && left.sizeBytes !== null ? left.sizeBytes + (right.sizeBytes ?? 0) : left.sizeBytes,
  };
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])].sort(compareText);
}
