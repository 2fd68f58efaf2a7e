import { createHash } from "node:crypto";
import { scopeSlug } from "../scope.ts";
import type { ContainerRequest } from "./container-request.ts";

/**
 * The prefix, what can be read of the scope's key, and 128 bits of hash over owner, role and scope: two gateways on one
 * engine have different names for the same session.
 */
export function containerName(
  prefix: string,
  { ownerId, role, scope }: Pick<ContainerRequest, "ownerId" | "role" | "scope">,
): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([ownerId, role, scope.kind, scope.key]))
    .digest("hex")
    .slice(0, hashDigits);
  const readable = scopeSlug(scope).slice(0, -hashDigits);
  return `${prefix}${readable}${hash}`;
}

/** As many as the slug's own. */
const hashDigits = 32;
