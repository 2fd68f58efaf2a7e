import type { GatewaySettings } from "../../config/gateway-settings.ts";
import type { SandboxConfig } from "../../config/sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { scopeWords } from "../scope-words.ts";

/**
 * What stands between a client inside and the gateway, by the settings alone, and what each of the things that people try
 * does. Whether it works is for `gateway check`, which really tries.
 */
export function explainGateway(
  { sandboxed, scope }: Pick<Session, "sandboxed" | "scope">,
  { docker }: SandboxConfig,
  gateway: GatewaySettings,
): readonly string[] {
  const port = gateway.port.value;
  if (!sandboxed) return [`on the host a client finds it at ws://127.0.0.1:${port}`];
  const { network, extraHosts, env } = docker;
  const command = (verb: string) => formatCommand(["skillcrate", "gateway", verb, ...scopeWords(scope)]);
  const hasName = extraHosts.value.some((entry) => entry.startsWith("host.docker.internal:"));
  const isOpen = gateway.bind.value !== "loopback";
  const url = env.get("OPENCLAW_GATEWAY_URL")?.value ?? null;
  return [
    network.value === "none"
      ? 'network: docker.network is "none": nothing outside can be reached. To reach the gateway it takes "bridge", or a network of your own. "host" is refused: the sandbox would be on every port of this machine, the loopback ones too.'
      : `network: docker.network is ${quoteValue(network.value)}`,
    hasName
      ? "name: host.docker.internal leads to the host"
      : 'name: host.docker.internal has no address inside on Linux. Set docker.extraHosts to ["host.docker.internal:host-gateway"].',
    isOpen
      ? `bind: gateway.bind is ${quoteValue(gateway.bind.value)}, beyond loopback`
      : 'bind: gateway.bind is "loopback": no container reaches it. Set it to "lan" with a token.',
    `address: ws://host.docker.internal:${port}. The gateway speaks plain WebSocket: wss:// is right only where TLS stands in front of it, and NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing, since there is no certificate to trust.`,
    url === null
      ? `client: inside, localhost is the sandbox itself, and a client without a configuration of its own asks there. Give it one: ${command("link")}. gateway.mode of the gateway itself stays as it is; "remote" belongs into the client's configuration.`
      : `client: OPENCLAW_GATEWAY_URL sends it to ${quoteValue(hideSecrets(url))}`,
    `token: gateway.auth.mode is ${quoteValue(gateway.authMode.value)}${gateway.authMode.value === "none" ? ": whoever reaches the gateway is let in" : ". A client needs the token in a configuration of its own; in an argument every process reads it"}.`,
    `to try all of it from inside: ${command("check")}`,
  ];
}

/** What stands before `@` and after `?` may be one. */
const hideSecrets = (url: string): string => url.replace(/\/\/[^/@]*@/, "//…@").replace(/\?.*$/s, "?…");
