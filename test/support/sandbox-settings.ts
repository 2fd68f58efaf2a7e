import type { Origin, Sourced } from "../../src/config/sandbox-config.ts";
import { findAgent } from "../../src/config/session/configured-agents.ts";
import { type KeyPath, valueAt } from "../../src/config/session/key-path.ts";
import type { SessionSandbox } from "../../src/config/session/session.ts";

/** What a configuration's values say of an agent's sandboxes, unchecked. */
export function sandboxSettings(config: unknown): (agentId: string) => SessionSandbox {
  return (agentId) => {
    const agent = findAgent(config, agentId)?.path ?? ["agents", "entries", agentId];
    const setting = <T extends string>(key: string, fallback: T): Sourced<T> => {
      const places: readonly (readonly [Origin["rule"], KeyPath])[] = [
        ["agent", [...agent, "sandbox", key]],
        ["defaults", ["agents", "defaults", "sandbox", key]],
      ];
      const found = places.find(([, path]) => valueAt(config, path) !== undefined);
      const path = found?.[1] ?? ["agents", "defaults", "sandbox", key];
      const value = found === undefined ? fallback : (valueAt(config, path) as T);
      const origin = {
        file: null,
        key: path.join("."),
        line: null,
        column: null,
        rule: found?.[0] ?? "reference",
      };
      return { value, origin } as const;
    };
    return {
      mode: setting("mode", "off"),
      scope: setting("scope", "session"),
      workspaceAccess: setting("workspaceAccess", "none"),
    };
  };
}
