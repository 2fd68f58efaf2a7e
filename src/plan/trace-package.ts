import { closeOver, type DebianClosure } from "../recipe/debian-closure.ts";
import type { DebianPackages } from "../recipe/debian-packages.ts";
import type { ImagePlan, Requester } from "./image-plan.ts";
import { withoutVersion } from "./predict-layer.ts";

/** How a Debian package comes into a layer. */
export interface PackagePath {
  readonly image: string;
  readonly layer: string;
  /** From one that was asked for to the package itself, each needing the next. */
  readonly path: readonly string[];
  readonly requestedBy: readonly Requester[];
}

/** The layers that bring a Debian package, by what is known of dependencies; in the order of plans. */
export function tracePackage(
  name: string,
  plans: readonly ImagePlan[],
  packages: DebianPackages,
): PackagePath[] {
  const minimal = closeOver(packages.minimal(), new Set(), packages);
  const contents = new Map<string, ReadonlySet<string>>();
  return plans.flatMap((plan) => {
    const below = plan.below.kind === "planned" ? contents.get(plan.below.name) : undefined;
    const present = new Set(below ?? minimal.added.keys());
    contents.set(plan.name, present);
    return plan.layers.flatMap((layer): PackagePath[] => {
      if (layer.kind !== "packages") return [];
      const asked = layer.packages.map(withoutVersion);
      const closure = closeOver(asked, present, packages);
      for (const added of closure.added.keys()) present.add(added);
      const path = pathTo(name, asked, closure);
      return path === null
        ? []
        : [{ image: plan.name, layer: layer.id, path, requestedBy: layer.requestedBy }];
    });
  });
}

/** A shortest one. */
function pathTo(name: string, asked: readonly string[], { added }: DebianClosure): string[] | null {
  const open = asked.filter((start) => added.has(start)).map((start) => [start]);
  const seen = new Set(asked);
  for (let path = open.shift(); path !== undefined; path = open.shift()) {
    const last = path.at(-1) ?? "";
    if (last === name) return path;
    for (const next of added.get(last)?.needs ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push([...path, next]);
    }
  }
  return null;
}
