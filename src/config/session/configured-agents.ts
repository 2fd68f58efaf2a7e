import { asObject, ownValue } from "../../skill/own-value.ts";
import { fallbackAgentId, normaliseAgentId } from "./agent-id.ts";
import { type KeyPath, valueAt } from "./key-path.ts";

export interface ConfiguredAgent {
  /** As gateways make it of what is written. */
  readonly id: string;
  /** Of its settings: `agents.entries.ID`, or an item of the older `agents.list`. */
  readonly path: KeyPath;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The agents that a configuration names, in its order; of several with one id the first counts. */
export function listAgents(config: unknown): readonly ConfiguredAgent[] {
  const agents = new Map<string, ConfiguredAgent>();
  for (const agent of [...entriesOf(config), ...itemsOf(config)]) {
    if (!agents.has(agent.id)) agents.set(agent.id, agent);
  }
  return [...agents.values()];
}

/** Null where the configuration says nothing of an agent. */
export function findAgent(config: unknown, agentId: string): ConfiguredAgent | null {
  const id = normaliseAgentId(agentId);
  return listAgents(config).find((agent) => agent.id === id) ?? null;
}

/** The agent of sessions whose key names none: the one marked `default`, else `main`, else the first. */
export function defaultAgentId(config: unknown): string {
  const agents = listAgents(config);
  const marked = agents.find(({ settings }) => ownValue(settings, "default") === true);
  const main = agents.find(({ id }) => id === fallbackAgentId);
  return (marked ?? main ?? agents[0])?.id ?? fallbackAgentId;
}

function entriesOf(config: unknown): readonly ConfiguredAgent[] {
  const path = ["agents", "entries"];
  const entries = asObject(valueAt(config, path)) ?? {};
  return Object.keys(entries).map((key) => ({
    id: normaliseAgentId(key),
    path: [...path, key],
    settings: asObject(entries[key]) ?? {},
  }));
}

function itemsOf(config: unknown): readonly ConfiguredAgent[] {
  const path = ["agents", "list"];
  const list = valueAt(config, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, index) => {
    const settings = asObject(item);
    if (settings === null) return [];
    const id = ownValue(settings, "id");
    return [{ id: normaliseAgentId(typeof id === "string" ? id : ""), path: [...path, index], settings }];
  });
}
