import { asObject } from "../../skill/own-value.ts";
import { listAgents } from "../session/configured-agents.ts";
import { type KeyPath, valueAt } from "../session/key-path.ts";
import { readToolPolicy, type ToolPolicy } from "./tool-list.ts";

/** Every place of a configuration where lists of tools are written, for whichever session. */
export function listToolPolicies(config: unknown): readonly ToolPolicy[] {
  const owners = [["tools"], ...listAgents(config).map(({ path }) => [...path, "tools"])];
  const paths = [
    ...owners.flatMap((path) => [
      path,
      [...path, "sandbox", "tools"],
      ...keysAt(config, [...path, "byProvider"]).map((provider) => [...path, "byProvider", provider]),
    ]),
    ["tools", "subagents", "tools"],
    ...groupPaths(config),
  ];
  return paths.flatMap((path) => {
    const value = valueAt(config, path);
    return value === undefined ? [] : [readToolPolicy(value, path)];
  });
}

function groupPaths(config: unknown): readonly KeyPath[] {
  return below(config, ["channels"]).flatMap((channel) =>
    [channel, ...below(config, [...channel, "accounts"])].flatMap((place) =>
      [
        ...below(config, [...place, "groups"]),
        ...below(config, [...place, "channels"]),
        ...below(config, [...place, "guilds"]).flatMap((guild) => below(config, [...guild, "channels"])),
      ].map((group) => [...group, "tools"]),
    ),
  );
}

function below(config: unknown, path: KeyPath): readonly KeyPath[] {
  return keysAt(config, path).map((key) => [...path, key]);
}

function keysAt(config: unknown, path: KeyPath): readonly string[] {
  return Object.keys(asObject(valueAt(config, path)) ?? {});
}
