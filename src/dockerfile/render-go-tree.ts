import type { GoTreeStage, PinnedPackage, ToolchainStage } from "../plan/image-plan.ts";
import { dropSettings } from "./drop-settings.ts";
import { fetchModulesScript, goCache, goReleaseScript, goTreeScript } from "./go-scripts.ts";
import { from, type Instruction, type Mount, runScript } from "./instruction.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";

/** The release of Go that a toolchain brings for the stages that stand on it. */
export function bringGo({ id, go }: ToolchainStage, target: RenderTarget): Instruction[] {
  if (go === undefined) return [];
  return [runScript(id, goReleaseScript, [go.name, go.version ?? "latest"], fetchMounts(target))];
}

/** A command written in Go: fetched with the settings of the network, built without them. */
export function renderGoTree(stage: GoTreeStage, target: RenderTarget): Instruction[] {
  const { id, toolchain, output, command, packages } = stage;
  return [
    from(id, toolchain, id),
    runScript(id, fetchModulesScript, packages.map(goSpec), fetchMounts(target)),
    ...dropSettings(id, target),
    runScript(id, goTreeScript, [output, command], cacheMounts(target)),
  ];
}

function goSpec({ name, version }: PinnedPackage): string {
  return `${name}@${version ?? "latest"}`;
}

function fetchMounts(target: RenderTarget): Mount[] {
  return target.rendering === "portable" ? [] : [...cacheMounts(target), ...settingsMounts("go", target)];
}

function cacheMounts({ rendering }: RenderTarget): Mount[] {
  return rendering === "portable" ? [] : [{ type: "cache", id: "skillcrate-go", target: goCache }];
}
