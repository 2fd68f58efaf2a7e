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
  const places = placesOf(config, session);
  const gates = places.map((place) => gateOf(config, [...place, "enabled"], isEnabled, placeOf));
  if (gates.some(({ passes }) => !passes) || !hasPeople(session))
    return { effect: "off", channels: [], gates };
  const lists = places
    .map((place) => [...place, "allowFrom"])
    // An agent without a list of its own has that of all.
    .filter((path, index) => index === 0 || valueAt(config, path) !== undefined);
  const channels = channelsIn(config, lists, session.route.channel);
  const everyone = channels.some((channel) =>
    lists.every((path) => isOpen(valueAt(config, [...path, channel]))),
  );
  return {
    effect: channels.length === 0 ? "off" : everyone ? "everyone" : "some",
    channels,
    gates: [
      ...gates,
      ...lists.map((path) => gateOf(config, path, (value) => sendersIn(value, channels), placeOf)),
    ],
  };
}

function placesOf(config: unknown, { agentId }: Session): readonly KeyPath[] {
  const agent = findAgent(config, agentId);
  const below = ["tools", "elevated"];
  return agent === null ? [below] : [below, [...agent.path, ...below]];
}

/** On where nobody turns it off; what is no truth value turns it off. */
function isEnabled(value: unknown): boolean {
  return value === undefined || value === true;
}

/** In the others only programs write. */
function hasPeople({ route }: Session): boolean {
  return route.kind === "main" || route.kind === "direct" || route.kind === "group";
}

/** The session's own channel, or any where its key names none, that has people in each of the lists. */
function channelsIn(config: unknown, lists: readonly KeyPath[], own: string | null): readonly string[] {
  const [first = []] = lists;
  return Object.keys(asObject(valueAt(config, first)) ?? {})
    .filter((channel) => own === null || lowerCase(channel) === own)
    .filter((channel) => lists.every((path) => isFilled(valueAt(config, [...path, channel]))))
    .sort(compareText);
}

function sendersIn(value: unknown, channels: readonly string[]): boolean {
  const lists = asObject(value);
  return channels.length > 0 && channels.every((channel) => isFilled(ownValue(lists, channel)));
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function isOpen(value: unknown): boolean {
  return Array.isArray(value) && value.includes("*");
}

function gateOf(
  config: unknown,
  path: KeyPath,
  test: (value: unknown) => boolean,
  placeOf: PlaceOf,
): ElevatedGate {
  return { key: formatKeyPath(path), place: placeOf(path), passes: test(valueAt(config, path)) };
}
