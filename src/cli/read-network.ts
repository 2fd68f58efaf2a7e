import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import type { OverlayNetwork } from "../recipe/overlay.ts";
import { readNetworkSettings } from "../source/read-network-settings.ts";
import type { networkOptions } from "./command-options.ts";
import type { OptionValues } from "./option.ts";

type NetworkValues = OptionValues<typeof networkOptions>;

/** The network that options, environment and overlay describe. Throws `INPUT_INVALID` where one of them cannot be used. */
export async function readNetwork(
  options: NetworkValues,
  env: Readonly<Record<string, string | undefined>>,
  overlay: OverlayNetwork,
): Promise<{ readonly settings: NetworkSettings; readonly diagnostics: readonly Diagnostic[] }> {
  const read = await readNetworkSettings(withoutUnset(options), env, overlay);
  if (read.diagnostics.every((diagnostic) => diagnostic.severity !== "error")) return read;
  throw new SkillcrateError("INPUT_INVALID", "The network settings cannot be used as they are.", {
    hint: "Correct these settings.",
    diagnostics: read.diagnostics,
  });
}

/** Options that were not given are absent, so that the environment speaks; an empty one turns it off. */
function withoutUnset(options: NetworkValues): Parameters<typeof readNetworkSettings>[0] {
  const { keepCa, keepMirror, aptMirror, snapshot, npmRegistry, pythonIndex } = options;
  const { goProxy, goSumDb, cargoRegistry, httpProxy, httpsProxy, noProxy, ca } = options;
  const indexes = { aptMirror, snapshot, npmRegistry, pythonIndex, goProxy, goSumDb, cargoRegistry };
  const texts = { ...indexes, httpProxy, httpsProxy, noProxy, ca };
  const given = Object.entries(texts).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), keepCa, keepMirror };
}
