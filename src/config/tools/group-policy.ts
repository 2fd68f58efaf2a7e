import { asObject } from "../../skill/own-value.ts";
import { type KeyPath, valueAt } from "../session/key-path.ts";
import { lowerCase } from "../session/lower-case.ts";
import type { Session } from "../session/session.ts";
import { readToolPolicy, type ToolPolicy } from "./tool-list.ts";

/** A group chat, as a channel knows it. */
export interface GroupChat {
  readonly channel: string;
  readonly group: string;
  readonly account: string | null;
}

/** The group that a session belongs to, or the session that started it; null: none. */
export function groupOf(session: Session): GroupChat | null {
  const { kind, channel, subject, account } = session.route;
  if (kind === "group" && channel !== null && subject !== null) return { channel, group: subject, account };
  return session.spawnedBy === null ? null : groupOf(session.spawnedBy);
}

/** The lists for a group, else those for all groups of its channel; null: none are set. */
export function groupPolicy(config: unknown, chat: GroupChat): ToolPolicy | null {
  for (const place of placesOf(config, chat)) {
    const path = [...place, "tools"];
    const value = valueAt(config, path);
    if (value !== undefined) return readToolPolicy(value, path);
  }
  return null;
}

/** Where a group's settings may be: an account's before the channel's; Discord has its channels below guilds. */
function placesOf(config: unknown, { channel, account, group }: GroupChat): readonly KeyPath[] {
  const ofChannel = ["channels", keyLike(config, ["channels"], channel)];
  const accounts = [...ofChannel, "accounts"];
  const ofAccount = [...accounts, keyLike(config, accounts, account ?? "default")];
  return [ofAccount, ofChannel].flatMap((place) => {
    const named = (map: KeyPath) => [...map, keyLike(config, map, group)];
    const maps = [
      [...place, "groups"],
      [...place, "channels"],
    ];
    const guilds = keysAt(config, [...place, "guilds"]).map((guild) => [
      ...place,
      "guilds",
      guild,
      "channels",
    ]);
    return [...[...maps, ...guilds].map(named), ...maps.map((map) => [...map, "*"])];
  });
}

/** The key of a map that is this one but for letter case; the name itself where there is none. */
function keyLike(config: unknown, path: KeyPath, name: string): string {
  const keys = keysAt(config, path);
  if (keys.includes(name)) return name;
  return keys.find((key) => lowerCase(key) === lowerCase(name)) ?? name;
}

function keysAt(config: unknown, path: KeyPath): readonly string[] {
  return Object.keys(asObject(valueAt(config, path)) ?? {});
}
