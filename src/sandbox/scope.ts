export type { ScopeKind } from "../config/sandbox-config.ts";
export { type Scope, scopeSlug } from "../config/session/scope.ts";
