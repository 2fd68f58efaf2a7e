import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "../life/find-sandboxes.ts";
import type { Scope } from "../scope.ts";

/** The container of a scope's browser, whatever its state; null: it has none, or it is still being made. */
export async function findBrowser(
  gateway: GatewaySandboxes,
  { kind, key }: Scope,
  signal?: AbortSignal,
): Promise<FoundSandbox | null> {
  const found = await findSandboxes(gateway, signal === undefined ? {} : { signal });
  const own = found.find(
    ({ labels: { role, scope }, halfMade }) =>
      halfMade === null && role === "browser" && scope.kind === kind && scope.key === key,
  );
  return own ?? null;
}
