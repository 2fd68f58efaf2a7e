import { normaliseAgentId } from "./agent-id.ts";
import { lowerCase } from "./lower-case.ts";

/** The gateway's `session.dmScope`: which direct messages share a session. */
export const dmScopes = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"] as const;
export type DmScope = (typeof dmScopes)[number];

/** A direct message's way in. */
export interface DirectMessage {
  readonly agentId: string;
  /** `telegram`, `whatsapp`, … */
  readonly channel: string;
  /** Of several accounts that the gateway has with a channel; null: its only one, called `default`. */
  readonly account: string | null;
  /** Who writes, as the channel names people. */
  readonly peer: string;
}

/**
 * The key of the session that a direct message belongs to, as gateways write it: the agent's main one, or one for each
 * person, for each person on each channel, or for each of these on each account.
 */
export function directSessionKey(message: DirectMessage, dmScope: DmScope, mainKey: string): string {
  const agent = `agent:${normaliseAgentId(message.agentId)}`;
  const channel = lowerCase(message.channel.trim());
  const account = lowerCase(message.account?.trim() ?? "") || "default";
  const peer = lowerCase(message.peer.trim());
  if (dmScope === "main" || peer === "") return `${agent}:${mainKey}`;
  if (dmScope === "per-peer") return `${agent}:direct:${peer}`;
  if (dmScope === "per-channel-peer") return `${agent}:${channel}:direct:${peer}`;
  return `${agent}:${channel}:${account}:direct:${peer}`;
}
