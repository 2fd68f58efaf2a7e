import { type Instruction, runScript, type Script } from "./instruction.ts";
import type { RenderTarget } from "./render-target.ts";
import { settingsFolder } from "./settings-paths.ts";

/**
 * Before a step that runs or compiles what strangers wrote: settings of the network that were copied into the stage go.
 * With BuildKit none were.
 */
export function dropSettings(id: string, { rendering }: RenderTarget): Instruction[] {
  return rendering === "portable" ? [runScript(id, dropSettingsScript, [])] : [];
}

const dropSettingsScript: Script = { name: "drop-settings", steps: [`rm -rf ${settingsFolder}/*`] };
