import { join } from "node:path";
import { type Scope, scopeSlug } from "./scope.ts";

/** Where a scope keeps its things on the host. Only what is mounted by itself is ever seen inside. */
export interface ScopeFolder {
  readonly scope: Scope;
  readonly slug: string;
  /** `<workspaceRoot>/<slug>`, 0700, of the gateway's user. Never mounted. */
  readonly dir: string;
  /** The sandbox's own workspace (`none`, `ro`), of the sandbox's user. */
  readonly workspaceDir: string;
  /** Skills where the workspace is the agent's own (`rw`); in the other modes they are in `<workspaceDir>/skills`. */
  readonly skillsDir: string;
  /** HOME and the XDG tree, of the sandbox's user. */
  readonly homeDir: string;
  /** passwd and group for inside. */
  readonly accountsDir: string;
  /** The scope's secrets, 0600. */
  readonly envFile: string;
  /** What the tool remembers of this scope: records, leases, locks. */
  readonly recordsDir: string;
}

export function scopeFolder(workspaceRoot: string, scope: Scope): ScopeFolder {
  const slug = scopeSlug(scope);
  const dir = join(workspaceRoot, slug);
  return {
    scope,
    slug,
    dir,
    // Not joined: what `join` gives is some ten pieces, and a gateway keeps it for each of its sandboxes.
    workspaceDir: `${dir}/workspace`,
    skillsDir: `${dir}/skills`,
    homeDir: `${dir}/home`,
    accountsDir: `${dir}/accounts`,
    envFile: `${dir}/.env`,
    recordsDir: `${dir}/records`,
  };
}
