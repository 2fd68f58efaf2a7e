import type { ImagePlan } from "./image-plan.ts";
import type { PartLock, PartLockKind } from "./part-lock.ts";

/** The lock of a stage or layer; null where it has none of this kind. */
export function partLockOf<Kind extends PartLockKind>(
  { locked }: Pick<ImagePlan, "locked">,
  id: string,
  kind: Kind,
): Extract<PartLock, { kind: Kind }> | null {
  const parts = locked?.parts ?? {};
  const lock = Object.hasOwn(parts, id) ? parts[id] : undefined;
  return lock !== undefined && isOfKind(lock, kind) ? lock : null;
}

function isOfKind<Kind extends PartLockKind>(
  lock: PartLock,
  kind: Kind,
): lock is Extract<PartLock, { kind: Kind }> {
  return lock.kind === kind;
}
