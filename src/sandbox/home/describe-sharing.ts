import type { DmScope } from "../../config/session/dm-scope.ts";
import { lowerCase } from "../../config/session/lower-case.ts";
import { parseSessionKey } from "../../config/session/session-key.ts";
import { readSessionRoute } from "../../config/session/session-route.ts";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { Scope } from "../scope.ts";
import type { KnownSession } from "../scope-record.ts";

export interface SharingInput {
  readonly scope: Scope;
  /** Null: not known; the gateway's default `main` is taken. */
  readonly dmScope: DmScope | null;
  /** The gateway's `session.mainKey`; default `main`. */
  readonly mainKey?: string;
  /** Sessions that are known to have used the scope. */
  readonly sessions: readonly KnownSession[];
}

/**
 * Who has one home, and so one login of every tool in it.
 *
 * - `one-person`: a session of one person's direct messages, or a job's
 * - `direct-messages`: everybody who writes directly to the agent
 * - `group`: the members of a group chat
 * - `agent`: every session of an agent
 * - `everyone`: every session of every agent
 */
export type SharedBy = "one-person" | "direct-messages" | "group" | "agent" | "everyone";

export interface Sharing {
  readonly by: SharedBy;
  /** Keys of sessions, in their order. */
  readonly sessions: readonly string[];
  /** What to know about it; null where it is one person's. */
  readonly diagnostic: Diagnostic | null;
}

/** Says who shares a scope's home, by the scope, the key of the session, and the sessions that have used it. */
export function describeSharing(input: SharingInput): Sharing {
  const by = sharedBy(input);
  const sessions = input.sessions.map(({ key }) => key).sort(compareText);
  return { by, sessions, diagnostic: by === "one-person" ? null : warn(by, input.scope, sessions) };
}

function sharedBy({ scope, dmScope, mainKey = "main" }: SharingInput): SharedBy {
  if (scope.kind === "shared") return "everyone";
  if (scope.kind === "agent") return "agent";
  const parsed = parseSessionKey(scope.key);
  const rest = parsed.kind === "malformed" ? "" : parsed.rest;
  // A thread of the main conversation is as shared as that.
  const [first = ""] = lowerCase(rest).split(":", 1);
  if (first === "main" || first === lowerCase(mainKey.trim()))
    return dmScope === null || dmScope === "main" ? "direct-messages" : "one-person";
  return readSessionRoute(rest).kind === "group" ? "group" : "one-person";
}

function warn(by: Exclude<SharedBy, "one-person">, scope: Scope, sessions: readonly string[]): Diagnostic {
  const shown = sessions.slice(0, maxShown).map((key) => quoteValue(key));
  const more = sessions.length > maxShown ? ` and ${sessions.length - maxShown} more` : "";
  const known = shown.length === 0 ? "" : ` Used by ${shown.join(", ")}${more}.`;
  return {
    code: "HOME_SHARED",
    severity: "warning",
    message: `${who[by](scope)} share one home, and so one login of every tool in it.${known}`,
    hint: hints[by],
  };
}

const maxShown = 10;

const who: Readonly<Record<Exclude<SharedBy, "one-person">, (scope: Scope) => string>> = {
  "direct-messages": ({ key }) => `All who write directly to session ${quoteValue(key)}`,
  group: ({ key }) => `The members of the group chat ${quoteValue(key)}`,
  agent: ({ key }) => `All sessions of the agent ${quoteValue(key)}`,
  everyone: () => "All sessions of all agents",
};

const ownLogin =
  'For a login of their own: "session": { "dmScope": "per-channel-peer" } and "sandbox": { "scope": "session" }.';

const hints: Readonly<Record<Exclude<SharedBy, "one-person">, string>> = {
  "direct-messages": ownLogin,
  group: "Log in there only with what every member may use; a person's own login belongs in direct messages.",
  agent: ownLogin,
  everyone: ownLogin,
};
