import { compareText } from "../../diagnostic/compare-text.ts";
import type { ContainerHostConfig } from "./container-plan.ts";
import type { ContainerRequest } from "./container-request.ts";

type Ulimits = ContainerRequest["settings"]["ulimits"];

/** Limits of each process, sorted by name. Whether the engine may give them shows when it is asked: see `lowerUlimits`. */
export function planUlimits(
  configured: Ulimits,
  { product }: ContainerRequest["engine"],
): ContainerHostConfig["Ulimits"] {
  const wanted = { ...builtIn, ...(product === "podman" ? podmanBuiltIn : {}), ...configured };
  return Object.entries(wanted)
    .sort(([left], [right]) => compareText(left, right))
    .map(([name, { soft, hard }]) => ({ Name: name, Soft: softLimit(soft, hard), Hard: hard ?? unlimited }));
}

/** No process may have a soft limit above its hard one. */
function softLimit(soft: number | null, hard: number | null): number {
  if (soft === null) return hard ?? unlimited;
  return hard === null ? soft : Math.min(soft, hard);
}

/** In the engine's words. */
const unlimited = -1;

const builtIn: Ulimits = {
  core: { soft: 0, hard: 0 },
  nofile: { soft: 1024, hard: 4096 },
};

/** Else Podman asks for the highest there is, which its service may not be allowed to. */
const podmanBuiltIn: Ulimits = { nproc: { soft: 4096, hard: 4096 } };
