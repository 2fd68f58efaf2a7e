import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { problemOf } from "../problem.ts";
import type { SandboxConfig, Sourced } from "../sandbox-config.ts";

/** Names each protection that the configuration turns off in so many words. */
export function checkOpenings({ docker, browser }: SandboxConfig): readonly Diagnostic[] {
  const openings: readonly (readonly [Sourced<unknown>, boolean, string])[] = [
    ...[docker.pidsLimit, docker.memoryBytes, docker.cpus].map(
      (limit) =>
        [limit, limit.value === null, "is unlimited: one sandbox can take all that the host has"] as const,
    ),
    [docker.readOnlyRoot, !docker.readOnlyRoot.value, "is off: a sandbox can change its own programs"],
    [
      docker.capDrop,
      !docker.capDrop.value.includes("ALL"),
      'does not hold "ALL": the engine\'s usual capabilities stay',
    ],
    [
      docker.dangerouslyAllowReservedContainerTargets,
      docker.dangerouslyAllowReservedContainerTargets.value,
      "lets mounts hide the workspace and the skills",
    ],
    [
      docker.dangerouslyAllowExternalBindSources,
      docker.dangerouslyAllowExternalBindSources.value,
      "lets mounts come from anywhere on the host but for what is always refused",
    ],
    [
      docker.dangerouslyAllowContainerNamespaceJoin,
      docker.dangerouslyAllowContainerNamespaceJoin.value,
      "lets a sandbox into another container's network",
    ],
    [
      browser.allowHostControl,
      browser.allowHostControl.value,
      "lets a sandboxed agent steer the host's browser",
    ],
  ];
  return openings
    .filter(([, isOpen]) => isOpen)
    .map(([{ origin }, , what]) =>
      problemOf(origin, {
        code: "CONFIG_OPENED",
        severity: "warning",
        what,
        hint: "Take it out unless that is what you want.",
      }),
    );
}
