import type { GatewayLink } from "../sandbox/gateway/link-gateway.ts";
import type { LinkNeed } from "../sandbox/gateway/link-needs.ts";
import type { Style } from "./style.ts";

/** Where the client's configuration is, what the gateway's lacks, what an agent gains, and the command that tries it. */
export function formatGatewayLink(
  { configPath, url }: GatewayLink,
  needs: readonly LinkNeed[],
  grants: readonly string[],
  check: string,
  style: Style,
): string {
  return [
    `A client inside finds the gateway at ${url}, by ${configPath}.`,
    ...(needs.length === 0
      ? []
      : [
          "",
          style.bold(
            "Write into the gateway's configuration, for this agent or for all, and recreate the sandbox:",
          ),
          ...needs.map(({ key, value, why }) => `  ${key}: ${JSON.stringify(value)}  // ${why}`),
        ]),
    "",
    style.bold("What the agent gains"),
    ...grants.map((grant) => `  ${grant}`),
    "",
    `To try it: ${check}`,
  ].join("\n");
}
