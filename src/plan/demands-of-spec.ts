import type { Recipe } from "../recipe/recipe.ts";
import type { Demand } from "./demand.ts";
import type { Platform, Requester } from "./image-plan.ts";
import type { ImageSpec } from "./image-spec.ts";

type Tool = ImageSpec["tools"][number];

/** What an image definition asks for, as recipes. */
export function demandsOfSpec(spec: ImageSpec, platform: Platform): Demand[] {
  const requester = (bin: string): Requester => ({ skill: `images/${spec.name}.json5`, bin });
  const packages = Object.entries(spec.packages).map(
    ([name, bins]): Demand => ({
      recipe: { kind: "apt", package: name, links: ownLinks(spec.links, bins) },
      // A package of files only is asked for by the definition itself.
      requestedBy: (bins.length === 0 ? [""] : bins).map(requester),
    }),
  );
  const tools = spec.tools.map(
    (tool): Demand => ({
      recipe: toolRecipe(tool, platform),
      requestedBy: tool.bins.map(requester),
      optional: tool.kind === "python" && tool.optional,
    }),
  );
  return [...packages, ...tools];
}

function ownLinks(links: Readonly<Record<string, string>>, bins: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(links).filter(([bin]) => bins.includes(bin)));
}

function toolRecipe(tool: Tool, platform: Platform): Recipe {
  switch (tool.kind) {
    case "node":
      return {
        kind: "node",
        package: "node",
        version: tool.version,
        npmVersion: tool.npm,
        bins: tool.bins,
      };
    case "npm": {
      const { kind, version, bins, links } = tool;
      const processor = platform === "linux/amd64" ? "amd64" : "arm64";
      return { kind, package: tool.platformPackage?.[processor] ?? tool.package, version, bins, links };
    }
    case "python":
      return { kind: "python", package: tool.package, version: tool.version, bins: tool.bins };
  }
}
