import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { containerNetworkPrefix } from "../kinds/container-kinds.ts";
import { problemOf } from "../problem.ts";
import type { SandboxConfig } from "../sandbox-config.ts";

/** Another container's network is joined only where that is allowed by name. */
export function checkNetwork({ docker, browser }: SandboxConfig): readonly Diagnostic[] {
  if (docker.dangerouslyAllowContainerNamespaceJoin.value) return [];
  return [docker.network, browser.network]
    .filter(({ value }) => value?.startsWith(containerNetworkPrefix) === true)
    .map(({ value, origin }) =>
      problemOf(origin, {
        code: "CONFIG_NETWORK_REFUSED",
        severity: "error",
        what: `is ${quoteValue(value)}: the sandbox would be in another container's network, with all that listens there`,
        hint: 'Write a network that both are in, or "bridge". docker.dangerouslyAllowContainerNamespaceJoin: true allows it.',
      }),
    );
}
