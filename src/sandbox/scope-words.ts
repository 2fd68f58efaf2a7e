import type { Scope } from "./scope.ts";

/** The options of a command that name a scope, as one would type them. */
export function scopeWords({ kind, key }: Scope): readonly string[] {
  return kind === "shared" ? ["--shared"] : [`--${kind}`, key];
}
