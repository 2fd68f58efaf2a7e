import { basename, dirname, join } from "node:path";
import type { PooledContainer } from "../container/ensure-request.ts";
import { poolScope } from "../pool/pool-entry.ts";
import { scopeSlug } from "../scope.ts";
import { planSandbox, type SandboxParts } from "./plan-sandbox.ts";

/**
 * What the container of an entry of the pool was made from, if everything is as it was: a scope's plan in the entry's name,
 * with the folders where the entry has them. `name`: what the scope's container is called.
 */
export function planPooled(id: string, name: string, parts: SandboxParts): PooledContainer {
  const { session, folder, mounts } = parts;
  const scope = poolScope(id);
  const [own, entry] = [basename(folder.dir), scopeSlug(scope)];
  const { plan } = planSandbox({
    ...parts,
    session: { scope, agentId: session.agentId },
    pool: id,
    folder: { dir: join(dirname(folder.dir), entry) },
    // Names of scopes' folders are unique on any host: an engine may have them elsewhere.
    mounts: mounts.map((mount) => ({ ...mount, source: mount.source.replace(`/${own}/`, `/${entry}/`) })),
  });
  return { id, waitingName: plan.name, plan: { ...plan, name } };
}
