import { resolve } from "node:path";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { emptyOverlay, type Overlay } from "../recipe/overlay.ts";
import { overlayFileName, readOverlay } from "../source/read-overlay.ts";
import type { Surroundings } from "./command.ts";

/** The overlay of a command, with what is doubtful in it. */
export interface UserOverlay {
  readonly overlay: Overlay;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The overlay that `--config` names, else the one in the current folder, else an empty one. Throws `INPUT_INVALID`
 * where it cannot be used.
 */
export async function readUserOverlay(
  config: string | null,
  { cwd }: Pick<Surroundings, "cwd">,
): Promise<UserOverlay> {
  const file = resolve(cwd, config ?? overlayFileName);
  const { overlay, diagnostics } = await readOverlay(file, { required: config !== null });
  if (diagnostics.every(({ severity }) => severity !== "error")) {
    return { overlay: overlay ?? emptyOverlay(file), diagnostics };
  }
  throw new SkillcrateError("INPUT_INVALID", "The overlay cannot be used as it is.", {
    hint: "Correct it, or name another one: --config FILE",
    diagnostics,
  });
}
