import { normaliseAgentId } from "../config/session/agent-id.ts";
import { identifySession } from "../config/session/identify-session.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Scope } from "../sandbox/scope.ts";
import type { Surroundings } from "./command.ts";
import type { scopeOptions } from "./command-options.ts";
import type { OptionValues } from "./option.ts";
import { readGatewayDocument } from "./read-gateway-document.ts";

export type ScopeOptions = OptionValues<typeof scopeOptions>;

type ScopeContext = Surroundings & { readonly options: ScopeOptions };

/**
 * The scope that options name, by the key that its session has in full; null: none. Throws `USAGE` where they name more
 * than one.
 */
export function readScope(context: ScopeContext): Scope | null {
  const { session, agent, shared } = context.options;
  const named: Scope[] = [
    ...(session === null ? [] : [{ kind: "session", key: wholeKey(session, context) } as const]),
    ...(agent === null ? [] : [{ kind: "agent", key: normaliseAgentId(agent) } as const]),
    ...(shared ? [{ kind: "shared", key: "shared" } as const] : []),
  ];
  if (named.length > 1) throw usage("More than one scope was named.");
  return named[0] ?? null;
}

/** The same, where a command cannot do without. */
export function requireScope(context: ScopeContext): Scope {
  const scope = readScope(context);
  if (scope === null) throw usage("No scope was named.");
  return scope;
}

/** A session may be called by less, such as `main`; which agent is meant then, the gateway's configuration says. */
function wholeKey(sessionKey: string, context: ScopeContext): string {
  return identifySession({ config: readGatewayDocument(context).valueAt([]), sessionKey }).key;
}

function usage(message: string): SkillcrateError {
  return new SkillcrateError("USAGE", message, {
    hint: "Add one of: --session KEY, --agent ID, --shared",
  });
}
