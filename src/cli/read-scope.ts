import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Scope } from "../sandbox/scope.ts";
import type { scopeOptions } from "./command-options.ts";
import type { OptionValues } from "./option.ts";

export type ScopeOptions = OptionValues<typeof scopeOptions>;

/** The scope that options name; null: none. Throws `USAGE` where they name more than one. */
export function readScope({ session, agent, shared }: ScopeOptions): Scope | null {
  const named: Scope[] = [
    ...(session === null ? [] : [{ kind: "session", key: session } as const]),
    ...(agent === null ? [] : [{ kind: "agent", key: agent } as const]),
    ...(shared ? [{ kind: "shared", key: "shared" } as const] : []),
  ];
  if (named.length > 1) throw usage("More than one scope was named.");
  return named[0] ?? null;
}

/** The same, where a command cannot do without. */
export function requireScope(options: ScopeOptions): Scope {
  const scope = readScope(options);
  if (scope === null) throw usage("No scope was named.");
  return scope;
}

/** The options that name a scope, as one would type them. */
export function scopeWords({ kind, key }: Scope): readonly string[] {
  return kind === "shared" ? ["--shared"] : [`--${kind}`, key];
}

function usage(message: string): SkillcrateError {
  return new SkillcrateError("USAGE", message, {
    hint: "Add one of: --session KEY, --agent ID, --shared",
  });
}
