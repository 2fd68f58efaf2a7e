import { createHash } from "node:crypto";
import { compareText } from "../../diagnostic/compare-text.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { asInspected } from "./as-inspected.ts";
import type { ContainerPlan } from "./container-plan.ts";
import { factsOfContainer } from "./facts-of-container.ts";
import { lowerUlimits, readHardUlimits } from "./lower-ulimits.ts";

/** Where a container is not what was planned. */
export interface Difference {
  /** As in the engine's inspect answer; entries of maps and lists by their names: `HostConfig.Tmpfs./tmp`. */
  readonly path: string;
  /** Null, in this and the next: not there. Of environment variables no values: one may be a password. */
  readonly planned: string | null;
  readonly real: string | null;
}

/**
 * What the engine made against the plan, sorted by path; empty: it is what was planned, and nothing else is open. Its
 * name is not compared, which changes while it is made, nor labels of its image. `inspected`: the answer of
 * `GET /containers/ID/json`, of Docker 20.10 and newer or of Podman.
 */
export function compareContainer(plan: ContainerPlan, inspected: unknown): readonly Difference[] {
  const config = asObject(ownValue(asObject(inspected), "Config"));
  const labels = asObject(ownValue(config, "Labels")) ?? {};
  const planned = factsOfContainer(asInspected(lowerUlimits(plan, readHardUlimits(labels))));
  const real = factsOfContainer(inspected);
  return [...new Set([...planned.keys(), ...real.keys()])]
    .filter((path) => planned.get(path) !== real.get(path))
    .filter((path) => planned.has(path) || !path.startsWith("Config.Labels."))
    .sort(compareText)
    .map((path) => difference(path, planned.get(path) ?? null, real.get(path) ?? null));
}

function difference(path: string, planned: string | null, real: string | null): Difference {
  if (path.startsWith("Config.Env.")) {
    return {
      path,
      planned: planned && "a value",
      real: real && (planned === null ? "a value" : "another value"),
    };
  }
  if (path === "HostConfig.SecurityOpt.seccomp")
    return { path, planned: profile(planned), real: profile(real) };
  return { path, planned, real };
}

/** A whole profile says less to people than that it is another one. */
function profile(text: string | null): string | null {
  return text?.startsWith("{") ? `sha256:${createHash("sha256").update(text).digest("hex")}` : text;
}
