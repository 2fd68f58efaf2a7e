import { lowerCase } from "./lower-case.ts";

/**
 * What a session is for, as its key says.
 *
 * - `main`: the agent's own conversation
 * - `direct`: one person's direct messages
 * - `group`: a group chat, channel or room, and its threads
 * - `cron`, `hook`: a job's turns, a webhook's
 * - `subagent`, `acp`: started by another session, or by a client of the agent protocol
 * - `other`: anything else
 */
export type SessionKind = "main" | "direct" | "group" | "cron" | "hook" | "subagent" | "acp" | "other";

export interface SessionRoute {
  readonly kind: SessionKind;
  /** `telegram`, …, in lower case; null: the key names none. */
  readonly channel: string | null;
  /** Of several accounts that the gateway has with the channel. */
  readonly account: string | null;
  /** The person, the group, the job, or whatever else the kind has many of; as written. */
  readonly subject: string | null;
  /** The thread or topic inside of it. */
  readonly thread: string | null;
}

/** Reads what follows `agent:ID:` in a session's key. Main keys are told by whoever knows their names. */
export function readSessionRoute(rest: string): SessionRoute {
  const [, base = rest, thread = null] = threadMark.exec(rest) ?? [];
  for (const [kind, grammar] of grammars) {
    const groups = grammar.exec(kindsWithThreads.has(kind) ? base : rest)?.groups;
    if (groups === undefined) continue;
    return {
      kind,
      channel: groups["channel"] === undefined ? null : lowerCase(groups["channel"]),
      account: groups["account"] ?? null,
      subject: groups["subject"] ?? null,
      thread: kindsWithThreads.has(kind) ? thread : null,
    };
  }
  return { kind: "other", channel: null, account: null, subject: null, thread: null };
}

/** Discord, Slack and Matrix have threads, Telegram has topics. */
const threadMark = /^([\s\S]+):(?:thread|topic):([\s\S]+)$/i;
const kindsWithThreads: ReadonlySet<SessionKind> = new Set(["direct", "group"]);

/** The first that fits; the words of the first four cannot be a channel's name. */
const grammars: readonly (readonly [SessionKind, RegExp])[] = [
  ["subagent", /^subagent:(?<subject>[\s\S]+)$/i],
  ["cron", /^cron:(?<subject>[\s\S]+)$/i],
  ["hook", /^hook:(?<subject>[\s\S]+)$/i],
  ["acp", /^acp:(?<subject>[\s\S]+)$/i],
  ["direct", /^(?:dm|direct):(?<subject>[\s\S]+)$/i],
  ["group", /^(?:group|channel|room):(?<subject>[\s\S]+)$/i],
  ["direct", /^(?<channel>[^:]+):(?:dm|direct):(?<subject>[\s\S]+)$/i],
  ["group", /^(?<channel>[^:]+):(?:group|channel|room):(?<subject>[\s\S]+)$/i],
  ["direct", /^(?<channel>[^:]+):(?<account>[^:]+):(?:dm|direct):(?<subject>[\s\S]+)$/i],
  ["group", /^(?<channel>[^:]+):(?<account>[^:]+):(?:group|channel|room):(?<subject>[\s\S]+)$/i],
];
