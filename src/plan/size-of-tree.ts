import type { DebianPackages } from "../recipe/debian-packages.ts";
import { npmTreeSizes } from "../recipe/npm-tree-sizes.ts";
import type { BuildStage, CopiedTree, PinnedPackage, ToolchainStage, TreeStage } from "./image-plan.ts";
import type { LockedSizes } from "./lock.ts";

export interface TreeSize {
  readonly downloadBytes: number;
  readonly installedBytes: number;
  readonly measured: boolean;
}

/** What is known of sizes. */
export interface KnownSizes {
  readonly packages: DebianPackages;
  /** Of trees that were built, as a lock has them; absent: none. */
  readonly trees?: LockedSizes;
}

/** What a copied tree takes, as far as that is known; null where nothing is. */
export function sizeOfTree(
  tree: CopiedTree,
  stages: readonly BuildStage[],
  { packages, trees = {} }: KnownSizes,
): TreeSize | null {
  const stage = stages.find(({ id }) => id === tree.stage);
  if (stage === undefined) return null;
  if (stage.kind === "toolchain") return sizeOfFolder(stage, packages);
  const built = Object.hasOwn(trees, tree.path) ? trees[tree.path] : undefined;
  if (built !== undefined) return { ...built, measured: isFixed(stage) };
  const measured = packages.architecture === "amd64";
  if (stage.ecosystem === "node") {
    return sizeOfPackages(tree.path === stage.npmOutput ? [stage.npm] : stage.packages, measured);
  }
  const isNpm = stage.ecosystem === "npm" || stage.ecosystem === "node-libraries";
  return isNpm ? sizeOfPackages(stage.packages, measured) : null;
}

/** Else a build without the lock may take something newer. */
function isFixed(stage: TreeStage): boolean {
  if (stage.ecosystem === "download") return stage.sha256 !== null;
  return stage.packages.every(({ version }) => version !== null);
}

/** A folder of a Debian package that is taken alone: most of the package, as a rule. */
function sizeOfFolder({ alone }: ToolchainStage, packages: DebianPackages): TreeSize | null {
  const [name, ...others] = alone;
  const found = name === undefined || others.length > 0 ? null : packages.find(name);
  if (found === null) return null;
  return { downloadBytes: found.downloadBytes, installedBytes: found.installedBytes, measured: false };
}

/** Each was measured alone: several in one tree share what they have in common, and take somewhat less. */
function sizeOfPackages(packages: readonly PinnedPackage[], measured: boolean): TreeSize | null {
  let [downloadBytes, installedBytes] = [0, 0];
  for (const { name, version } of packages) {
    const size = npmTreeSizes.get(`${name}@${version}`);
    if (size === undefined) return null;
    downloadBytes += size.downloadBytes;
    installedBytes += size.installedBytes;
  }
  return { downloadBytes, installedBytes, measured: measured && packages.length === 1 };
}
