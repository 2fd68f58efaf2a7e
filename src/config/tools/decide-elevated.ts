import { compareText } from "../../diagnostic/compare-text.ts";
import type { Place } from "../../diagnostic/diagnostic.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { findAgent } from "../session/configured-agents.ts";
import { formatKeyPath, type KeyPath, type PlaceOf, placeless, valueAt } from "../session/key-path.ts";
import { lowerCase } from "../session/lower-case.ts";
import type { Session } from "../session/session.ts";

/** `tools.elevated`: whether people may have `exec` run on the host although their session is sandboxed. */
export interface ElevatedDecision {
  /**
   * - `no-effect`: the session is not sandboxed, and `exec` runs on the host anyway
   * - `off`: nobody may
   * - `some`: some of those who write in `channels` may
   * - `everyone`: whoever writes in one of `channels` may
   */
  readonly effect: "no-effect" | "off" | "some" | "everyone";
  /** Channels from which it can be asked for. */
  readonly channels: readonly string[];
  /** What was looked at, until one of them forbade it. */
  readonly gates: readonly ElevatedGate[];
}

export interface ElevatedGate {
  readonly key: string;
  readonly place: Place | null;
  readonly passes: boolean;
}

/**
 * Says who may run commands on the host from a sandboxed session. The settings of all agents and the agent's own must
 * both let it; a session in which no person writes has nobody to ask for it.
 */
export function decideElevated(
  config: unknown,
  session: Session,
  placeOf: PlaceOf = placeless,
): ElevatedDecision {
  if (!session.sandboxed) return { effect: "no-effect", channels: [], gates: [] };
  const ownSettings = settingsOfAgent(config, session);
  const switches = [ofAllAgents, ...ownSettings].map((path) =>
    switchGate(config, [...path, "enabled"], placeOf),
  );
  if (switches.some(({ passes }) => !passes) || !hasPeople(session))
    return { effect: "off", channels: [], gates: switches };
  const common = [...ofAllAgents, "allowFrom"];
  // An agent without a list of its own has that of all.
  const own = ownSettings
    .map((path) => [...path, "allowFrom"])
    .filter((path) => valueAt(config, path) !== undefined);
  const lists = [common, ...own];
  const sendersOf = (path: KeyPath, channel: string) => valueAt(config, [...path, channel]);
  const named = namedChannels(config, common, session.route.channel);
  const channels = named.filter((channel) => lists.every((path) => isFilled(sendersOf(path, channel))));
  const isForAll = channels.some((channel) => lists.every((path) => isOpen(sendersOf(path, channel))));
  const ofLists = lists.map((path) => ({
    key: formatKeyPath(path),
    place: placeOf(path),
    passes: named.some((channel) => isFilled(sendersOf(path, channel))),
  }));
  return {
    effect: channels.length === 0 ? "off" : isForAll ? "everyone" : "some",
    channels,
    gates: [...switches, ...ofLists],
  };
}

const ofAllAgents: KeyPath = ["tools", "elevated"];

function settingsOfAgent(config: unknown, { agentId }: Session): readonly KeyPath[] {
  const agent = findAgent(config, agentId);
  return agent === null ? [] : [[...agent.path, "tools", "elevated"]];
}

/** On where nobody turns it off; what is no truth value turns it off. */
function isEnabled(value: unknown): boolean {
  return value === undefined || value === true;
}

/** In the others only programs write. */
function hasPeople({ route }: Session): boolean {
  return route.kind === "main" || route.kind === "direct" || route.kind === "group";
}

/** The channels of a list that name anybody: the session's own, or any where its key names none. */
function namedChannels(config: unknown, path: KeyPath, own: string | null): readonly string[] {
  const lists = asObject(valueAt(config, path)) ?? {};
  return Object.keys(lists)
    .filter((channel) => (own === null || lowerCase(channel) === own) && isFilled(ownValue(lists, channel)))
    .sort(compareText);
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isOpen(value: unknown): boolean {
  return Array.isArray(value) && value.includes("*");
}

function switchGate(config: unknown, path: KeyPath, placeOf: PlaceOf): ElevatedGate {
  return { key: formatKeyPath(path), place: placeOf(path), passes: isEnabled(valueAt(config, path)) };
}
