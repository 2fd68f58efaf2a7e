import { createHash } from "node:crypto";
import type { ScopeKind } from "../sandbox-config.ts";

export interface Scope {
  readonly kind: ScopeKind;
  /** The session's whole key, the agent's id, or `shared`. Any text. */
  readonly key: string;
}

/**
 * The name of a scope's folder: what can be read of its key, then 128 bits of a hash over kind and key, so that no two
 * keys share a folder however they are cut. Lower case ASCII, at most 65 characters, equal on file systems that ignore
 * letter case.
 */
export function scopeSlug({ kind, key }: Scope): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([kind, key]))
    .digest("hex")
    .slice(0, 32);
  const readable = key
    .slice(0, 200)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 32)
    .replace(/-$/, "");
  return readable === "" ? hash : `${readable}-${hash}`;
}
