import { imageChain } from "../plan/image-chain.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import type { RenderedImage } from "./build-context.ts";
import { checkNetwork } from "./check-network.ts";
import { checkPlan } from "./check-plan.ts";
import { from, type Instruction } from "./instruction.ts";
import { settingsFiles, textFile } from "./network-files.ts";
import type { NetworkSettings } from "./network-settings.ts";
import { layOut, listsBlock, proxyArguments } from "./render-image.ts";
import { fetchPackages } from "./render-packages.ts";
import { belowReference } from "./render-target.ts";

/**
 * A build that leaves nothing but package files in the caches of the images above the lowest plan, while that one is
 * still being built: for BuildKit, on what the lowest stands on. Null where there is nothing to fetch, or a plan would
 * not be rendered.
 */
export function renderFetchAhead(
  lowest: ImagePlan,
  above: readonly ImagePlan[],
  network: NetworkSettings,
): RenderedImage | null {
  const open = above.filter((plan) => plan.locked === undefined && packagesOf(plan).length > 0);
  const refused = [lowest, ...open].some(
    (plan) => [...checkPlan(plan), ...checkNetwork(network, plan, "buildkit")].length > 0,
  );
  if (open.length === 0 || refused || lowest.locked !== undefined) return null;
  const target = { plan: lowest, rendering: "buildkit", network } as const;
  const fetches = open.map((plan) => {
    const below = imageChain(plan.name, [lowest, ...above]).filter((lower) => lower !== plan);
    return fetchPackages(id, packagesOf(plan), below.flatMap(packagesOf), { ...target, plan });
  });
  const start: Instruction[] = [from(id, belowReference(target), id), { id, text: "USER root" }];
  const { dockerfile, origins } = layOut([listsBlock(target), [...start, ...fetches]]);
  const context = [...settingsFiles("apt", network), textFile("Dockerfile", dockerfile)];
  return { rendering: "buildkit", dockerfile, context, buildArgs: proxyArguments(network), origins };
}

const id = "fetch-ahead";

function packagesOf({ layers }: ImagePlan): readonly string[] {
  return layers.flatMap((layer) => (layer.kind === "packages" ? layer.packages : []));
}
