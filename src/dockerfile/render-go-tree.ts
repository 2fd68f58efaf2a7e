import type { GoTreeStage, PinnedPackage, ToolchainStage } from "../plan/image-plan.ts";
import { partLockOf } from "../plan/part-lock-of.ts";
import { lockedModule } from "../plan/pin-stage.ts";
import { dropSettings } from "./drop-settings.ts";
import { fetchModulesScript, goCache, goReleaseScript, goTreeScript } from "./go-scripts.ts";
import { from, type Instruction, type Mount, runScript } from "./instruction.ts";
import { type RenderTarget, settingsMounts } from "./render-target.ts";

/** The release of Go that a toolchain brings for the stages that stand on it. */
export function bringGo({ id, go }: ToolchainStage, target: RenderTarget): Instruction[] {
  if (go === undefined) return [];
  const values = [go.name, go.version ?? "latest", ...lockedSum(go, target)];
  return [runScript(id, goReleaseScript, values, fetchMounts(target))];
}

/** The sum of a release, as any command that was built with it knows. */
function lockedSum({ name, version }: PinnedPackage, { plan }: RenderTarget): string[] {
  const lines = plan.stages.flatMap(({ id }) => partLockOf(plan, id, "go")?.sums ?? []);
  const start = `${name} ${version} `;
  return lines
    .filter((line) => line.startsWith(start))
    .slice(0, 1)
    .map((line) => line.slice(start.length));
}

/** A command written in Go: fetched with the settings of the network, built without them. */
export function renderGoTree(stage: GoTreeStage, target: RenderTarget): Instruction[] {
  const { id, toolchain, output, command, packages } = stage;
  const lock = partLockOf(target.plan, id, "go");
  const module = lock === null ? null : lockedModule(packages[0]?.name ?? "", lock);
  const values = [...packages.map(goSpec), ...(module === null ? [] : [module])];
  return [
    from(id, toolchain, id),
    runScript(id, fetchModulesScript, values, fetchMounts(target)),
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
