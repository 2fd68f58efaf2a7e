import { npmTreeSizes } from "../recipe/npm-tree-sizes.ts";
import type { BuildStage, CopiedTree, PinnedPackage } from "./image-plan.ts";

export interface TreeSize {
  readonly downloadBytes: number;
  readonly installedBytes: number;
}

/** What a copied tree takes, as far as it was measured for linux/amd64; null for trees that were not. */
export function sizeOfTree(tree: CopiedTree, stages: readonly BuildStage[]): TreeSize | null {
  const stage = stages.find(({ id }) => id === tree.stage);
  if (stage?.kind !== "tree") return null;
  if (stage.ecosystem === "node") {
    return sizeOfPackages(tree.path === stage.npmOutput ? [stage.npm] : stage.packages);
  }
  return stage.ecosystem === "npm" ? sizeOfPackages(stage.packages) : null;
}

/** Those of one tree share what they have in common, which is little where several are named. */
function sizeOfPackages(packages: readonly PinnedPackage[]): TreeSize | null {
  let [downloadBytes, installedBytes] = [0, 0];
  for (const { name, version } of packages) {
    const size = npmTreeSizes.get(`${name}@${version}`);
    if (size === undefined) return null;
    downloadBytes += size.downloadBytes;
    installedBytes += size.installedBytes;
  }
  return { downloadBytes, installedBytes };
}
