import { compareText } from "../diagnostic/compare-text.ts";
import type { Requester } from "./image-plan.ts";
import type { PlannedTrees } from "./planned-trees.ts";

const stageId = "package-folders";

/**
 * Folders of Debian packages without what those packages depend on: static files that come in a package with programs
 * around them.
 */
export function planPackageFolders(
  /** Package → absolute paths. */
  folders: Readonly<Record<string, readonly string[]>>,
  definition: Requester | null,
): Pick<PlannedTrees, "stages" | "trees"> {
  const packages = Object.keys(folders).sort(compareText);
  if (packages.length === 0) return { stages: [], trees: [] };
  const requestedBy = definition === null ? [] : [definition];
  return {
    stages: [{ kind: "toolchain", id: stageId, packages: [], alone: packages }],
    trees: packages.flatMap((name) =>
      [...(folders[name] ?? [])]
        .sort(compareText)
        .map((path) => ({ stage: stageId, path, title: `${path} of ${name}`, requestedBy })),
    ),
  };
}
