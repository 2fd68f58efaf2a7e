import type { GatewaySettings } from "../../config/gateway-settings.ts";
import type { SandboxConfig } from "../../config/sandbox-config.ts";

/** One setting of the gateway's configuration that a link cannot do without, and that is not so yet. */
export interface LinkNeed {
  readonly key: string;
  /** Plain JSON. */
  readonly value: unknown;
  readonly why: string;
}

const hostEntry = "host.docker.internal:host-gateway";

/** What has to be written into the gateway's configuration for a sandbox to reach it; nothing here writes it. */
export function linkNeeds({ docker }: SandboxConfig, gateway: GatewaySettings): readonly LinkNeed[] {
  const sandbox = "agents.defaults.sandbox.docker";
  const { network, extraHosts, env } = docker;
  const hasName = extraHosts.value.some((entry) => entry.startsWith("host.docker.internal:"));
  const needs: readonly (LinkNeed & { readonly met: boolean })[] = [
    {
      key: `${sandbox}.network`,
      value: "bridge",
      why: "without a network nothing outside is in reach",
      met: network.value !== "none",
    },
    {
      key: `${sandbox}.extraHosts`,
      value: [...extraHosts.value, hostEntry],
      why: "on Linux the engine gives the host a name only where it is asked to",
      met: hasName,
    },
    {
      key: `${sandbox}.env.OPENCLAW_ALLOW_INSECURE_PRIVATE_WS`,
      value: "1",
      why: "newer clients refuse plain ws:// to a name; here it never leaves the machine",
      met: env.get("OPENCLAW_ALLOW_INSECURE_PRIVATE_WS")?.value === "1",
    },
    {
      key: "gateway.bind",
      value: "lan",
      why: "no container reaches the host's loopback interface; whoever is on your network reaches the port then too",
      met: gateway.bind.value !== "loopback",
    },
    {
      key: "gateway.auth.mode",
      value: "token",
      why: "a gateway that is bound beyond loopback must ask who comes",
      met: gateway.authMode.value === "token",
    },
  ];
  return needs.filter(({ met }) => !met).map(({ key, value, why }) => ({ key, value, why }));
}
