import type { CargoTreeStage, PinnedPackage } from "../plan/image-plan.ts";
import {
  buildCrateScript,
  cargoCache,
  cargoTreeScript,
  crateUser,
  fetchCratesScript,
} from "./cargo-scripts.ts";
import { dropSettings } from "./drop-settings.ts";
import { from, type Instruction, type Mount, runScript } from "./instruction.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";

/**
 * A crate's commands. Code of crates runs while they are built: it finds no settings, no cache to write to, no rights
 * and no network.
 */
export function renderCargoTree(stage: CargoTreeStage, target: RenderTarget): Instruction[] {
  const { id, toolchain, output } = stage;
  const values = installArguments(stage);
  return [
    from(id, toolchain, id),
    runScript(id, fetchCratesScript, values, cargoMounts(target)),
    ...dropSettings(id, target),
    { id, text: `USER ${crateUser}` },
    runScript(id, buildCrateScript, values),
    { id, text: "USER root" },
    runScript(id, cargoTreeScript, [output]),
  ];
}

function installArguments({ packages, features }: CargoTreeStage): string[] {
  const chosen = features.length === 0 ? [] : ["--features", features.join(",")];
  return [...chosen, "--", ...packages.map(crateSpec)];
}

/** With `=`: a version alone would let newer ones in. */
function crateSpec({ name, version }: PinnedPackage): string {
  return version === null ? name : `${name}@=${version}`;
}

function cargoMounts(target: RenderTarget): Mount[] {
  if (target.rendering === "portable") return [];
  // cargo does not write crates in one step, and only waits for others that have the same home.
  const cache = { type: "cache", id: "skillcrate-cargo", target: cargoCache, sharing: "locked" };
  return [cache, ...settingsMounts("cargo", target)];
}
