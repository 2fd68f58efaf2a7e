import { asObject } from "../../skill/own-value.ts";
import { findAgent } from "../session/configured-agents.ts";
import { type KeyPath, valueAt } from "../session/key-path.ts";
import { lowerCase } from "../session/lower-case.ts";
import type { Session } from "../session/session.ts";
import { type GroupChat, groupPolicy } from "./group-policy.ts";
import { type LayerRule, plainRule, type ToolLayerName } from "./layer-rule.ts";
import { profileRule } from "./profile-rule.ts";
import { sandboxRule, subagentRule } from "./sandbox-rule.ts";
import { readToolPolicy, type ToolPolicy } from "./tool-list.ts";
import { workspaceAccessOfAll, workspaceRule } from "./workspace-rule.ts";

export interface LayersRequest {
  /** The value of the gateway's configuration; anything goes. */
  readonly config: unknown;
  readonly session: Session;
  /** Of the model: `openai`, or with the model `openai/gpt-5.2`; null: not known. */
  readonly provider: string | null;
  /** The group chat that the session belongs to. */
  readonly group: GroupChat | null;
}

export interface ToolLayer {
  readonly name: ToolLayerName;
  /** Null: it lets everything through. */
  readonly rule: LayerRule | null;
  /** Where it is, or would be, configured. */
  readonly path: KeyPath;
}

/** What each layer lets through in a session, in their order. */
export function readLayers({ config, session, provider, group }: LayersRequest): readonly ToolLayer[] {
  const agentPath = findAgent(config, session.agentId)?.path ?? null;
  const at = (path: KeyPath) => readToolPolicy(valueAt(config, path), path);
  const ofAgent = (...below: KeyPath) => (agentPath === null ? null : at([...agentPath, "tools", ...below]));
  const base = at(["tools"]);
  const own = ofAgent();
  const baseProvider = providerPolicy(config, base, provider);
  const ownProvider = providerPolicy(config, own, provider);
  const ofGroup = group === null ? null : groupPolicy(config, group);
  const clamp = ["tools", "sandbox", "tools"];
  const subagents = ["tools", "subagents", "tools"];
  const agentTools = own?.path ?? ["agents", "entries", session.agentId, "tools"];
  const isSubagent = session.route.kind === "subagent";
  const layer = (name: ToolLayerName, rule: LayerRule | null, path: KeyPath) => ({ name, rule, path });
  return [
    layer("profile", profileRule(own, base), ["tools", "profile"]),
    layer("provider profile", profileRule(ownProvider, baseProvider), ["tools", "byProvider"]),
    layer("global", plainRule(base), ["tools"]),
    layer("provider", plainRule(baseProvider), ["tools", "byProvider"]),
    layer("agent", plainRule(own), agentTools),
    layer("agent provider", plainRule(ownProvider), [...agentTools, "byProvider"]),
    layer("group", plainRule(ofGroup), ofGroup?.path ?? ["channels", group?.channel ?? "*", "groups"]),
    layer(
      "sandbox",
      session.sandboxed ? sandboxRule(config, ofAgent("sandbox", "tools"), at(clamp)) : null,
      clamp,
    ),
    layer("workspace access", workspaceRule(config, session), workspaceAccessOfAll),
    layer("subagent", isSubagent ? subagentRule(at(subagents)) : null, subagents),
  ];
}

/** The lists for a provider's model, else for all of its models; null: none are set. */
function providerPolicy(
  config: unknown,
  policy: ToolPolicy | null,
  provider: string | null,
): ToolPolicy | null {
  if (policy === null || provider === null) return null;
  const path = [...policy.path, "byProvider"];
  const keys = Object.keys(asObject(valueAt(config, path)) ?? {});
  const name = lowerCase(provider.trim());
  for (const wanted of [name, name.split("/", 1)[0]]) {
    const key = keys.find((written) => lowerCase(written.trim()) === wanted);
    if (key !== undefined) return readToolPolicy(valueAt(config, [...path, key]), [...path, key]);
  }
  return null;
}
