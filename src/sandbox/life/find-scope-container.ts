import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import type { Scope } from "../scope.ts";
import { findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";

/** The whole container of a scope's sandbox, whatever its state; null: it has none, or it is still being made. */
export async function findScopeContainer(
  gateway: GatewaySandboxes,
  { kind, key }: Scope,
  signal: AbortSignal,
): Promise<ContainerDetails | null> {
  const found = await findSandboxes(gateway, { signal });
  const own = found.find(
    ({ labels: { role, scope }, halfMade }) =>
      halfMade === null && role === "sandbox" && scope.kind === kind && scope.key === key,
  );
  return own === undefined ? null : await gateway.engine.sandboxes.inspect(own.container.id, signal);
}
