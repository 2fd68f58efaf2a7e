import { compareText } from "../../diagnostic/compare-text.ts";
import type { ContainerHostConfig } from "./container-plan.ts";
import type { ContainerRequest } from "./container-request.ts";

type Ulimits = ContainerRequest["settings"]["ulimits"];

/** Limits of each process, sorted by name, none above what the daemon may give. */
export function planUlimits(
  configured: Ulimits,
  { product, hardUlimits }: ContainerRequest["engine"],
): ContainerHostConfig["Ulimits"] {
  const wanted = { ...builtIn, ...(product === "podman" ? podmanBuiltIn : {}), ...configured };
  return Object.entries(wanted)
    .sort(([left], [right]) => compareText(left, right))
    .map(([name, { soft, hard }]) => {
      const ceiling = Math.min(
        hardUlimits[name] ?? Number.POSITIVE_INFINITY,
        hard ?? Number.POSITIVE_INFINITY,
      );
      return {
        Name: name,
        Soft: toLimit(Math.min(soft ?? Number.POSITIVE_INFINITY, ceiling)),
        Hard: toLimit(ceiling),
      };
    });
}

/** The engine's word for no limit is -1. */
function toLimit(limit: number): number {
  return Number.isFinite(limit) ? limit : -1;
}

const builtIn: Ulimits = {
  core: { soft: 0, hard: 0 },
  nofile: { soft: 1024, hard: 4096 },
};

/** Else Podman asks for the highest there is, which its service may not be allowed to. */
const podmanBuiltIn: Ulimits = { nproc: { soft: 4096, hard: 4096 } };
