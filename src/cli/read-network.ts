import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { NetworkSettings } from "../dockerfile/network-settings.ts";
import { readNetworkSettings } from "../source/read-network-settings.ts";
import type { networkOptions } from "./command-options.ts";
import type { OptionValues } from "./option.ts";

type NetworkValues = OptionValues<typeof networkOptions>;

/** The network that options and environment describe. Throws `INPUT_INVALID` where an option cannot be used. */
export async function readNetwork(
  options: NetworkValues,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly settings: NetworkSettings; readonly diagnostics: readonly Diagnostic[] }> {
  const read = await readNetworkSettings(withoutUnset(options), env);
  if (read.diagnostics.every((diagnostic) => diagnostic.severity !== "error")) return read;
  throw new SkillcrateError("INPUT_INVALID", "The network settings cannot be used as they are.", {
    hint: "Correct these options.",
    diagnostics: read.diagnostics,
  });
}

/** Options that were not given are absent, so that the environment speaks; an empty one turns it off. */
function withoutUnset(options: NetworkValues): Parameters<typeof readNetworkSettings>[0] {
  const { aptMirror, npmRegistry, pythonIndex, httpProxy, httpsProxy, noProxy, ca, keepCa, keepMirror } =
    options;
  const texts = { aptMirror, npmRegistry, pythonIndex, httpProxy, httpsProxy, noProxy, ca };
  const given = Object.entries(texts).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(given), keepCa, keepMirror };
}
