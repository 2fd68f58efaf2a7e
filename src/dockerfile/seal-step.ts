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

/** Such a step without a network, where the builder can do that. */
export function withoutNetwork({ id, text }: Instruction, { rendering }: RenderTarget): Instruction {
  return { id, text: rendering === "portable" ? text : text.replace(/^RUN /, "RUN --network=none ") };
}
