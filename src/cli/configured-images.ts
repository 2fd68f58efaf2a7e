import type { ConfigDocument } from "../config/config-document.ts";
import { resolveSandboxConfig } from "../config/resolve-sandbox-config.ts";
import { defaultAgentId, listAgents } from "../config/session/configured-agents.ts";
import type { ConfiguredImages } from "../sandbox/life/collect-images.ts";
import { gatewayTagPrefixes, tagAliases } from "./tag-prefix.ts";

/** The images that a gateway's configuration names, of every agent. */
export function configuredImages(document: ConfigDocument): ConfiguredImages {
  const config = document.valueAt([]);
  const agents = new Set([defaultAgentId(config), ...listAgents(config).map(({ id }) => id)]);
  const references = [...agents].flatMap((agentId) => {
    const { docker, browser } = resolveSandboxConfig(document, agentId).config;
    return [docker.image.value, browser.image.value];
  });
  return {
    references: [...new Set(references)],
    aliases: (tag) => tagAliases(tag, gatewayTagPrefixes),
  };
}
