import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { WantedImages } from "./build-wanted-images.ts";
import type { CommandContext } from "./command.ts";
import type { lockOptions } from "./command-options.ts";
import { readNetwork } from "./read-network.ts";
import { openDefaultState } from "./read-plan-ground.ts";
import { readPlanSources } from "./read-plan-sources.ts";
import { readUserOverlay } from "./read-user-overlay.ts";

/** What a command that builds is asked for: overlay, network and skills, read from the disk. */
export async function readWantedImages(
  { args, options, ...surroundings }: Omit<CommandContext<typeof lockOptions>, "words">,
  paths: readonly string[] = args,
): Promise<{ readonly wanted: WantedImages; readonly diagnostics: readonly Diagnostic[] }> {
  const user = await readUserOverlay(options.config, surroundings);
  const network = await readNetwork(options, surroundings.env, user.overlay.network);
  const sources = await readPlanSources(paths, options, surroundings, ["skills"], user);
  const wanted: WantedImages = {
    sources,
    options,
    network: network.settings,
    state: openDefaultState(surroundings),
    connect: () => connectEngine(surroundings),
    settings: {},
  };
  return { wanted, diagnostics: network.diagnostics };
}
