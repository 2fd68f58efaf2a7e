import type { ConfigDocument } from "../config/config-document.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { locateGateway } from "../source/locate-gateway.ts";
import { readConfigDocument } from "../source/read-config-document.ts";
import type { Surroundings } from "./command.ts";

/**
 * The configuration of the gateway that is found, with the places of its values; an empty one where it has none. Throws
 * `INPUT_INVALID` where it cannot be read.
 */
export function readGatewayDocument({ env, homeDir, story }: Surroundings): ConfigDocument {
  const { stateDir, configPath: file, diagnostics: ofPlace } = locateGateway(env, homeDir);
  story.diagnostics(ofPlace);
  const { document, diagnostics } = readConfigDocument({ file, stateDir, homeDir });
  if (diagnostics.length === 0) return document;
  throw new SkillcrateError("INPUT_INVALID", `${quoteValue(file)} cannot be read.`, {
    hint: "Correct the file.",
    diagnostics,
  });
}
