import type { GoTreeStage, PinnedPackage, ToolchainStage } from "../plan/image-plan.ts";
import { goCache, goReleaseScript, goTreeScript } from "./go-scripts.ts";
import { from, type Instruction, type Mount, runScript } from "./instruction.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";

/** The release of Go that a toolchain brings for the stages that stand on it. */
export function bringGo({ id, go }: ToolchainStage, target: RenderTarget): Instruction[] {
  if (go === undefined) return [];
  return [runScript(id, goReleaseScript, [go.name, go.version ?? "latest"], goMounts(target))];
}

export function renderGoTree(stage: GoTreeStage, target: RenderTarget): Instruction[] {
  const { id, toolchain, output, command, packages } = stage;
  return [
    from(id, toolchain, id),
    runScript(id, goTreeScript, [output, command, ...packages.map(goSpec)], goMounts(target)),
  ];
}

function goSpec({ name, version }: PinnedPackage): string {
  return `${name}@${version ?? "latest"}`;
}

function goMounts(target: RenderTarget): Mount[] {
  if (target.rendering === "portable") return [];
  return [{ type: "cache", id: "skillcrate-go", target: goCache }, ...settingsMounts("go", target)];
}
