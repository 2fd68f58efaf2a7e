import { existsSync } from "node:fs";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Platform } from "../plan/image-plan.ts";
import type { LockedSizes } from "../plan/lock.ts";
import { lockFileOf } from "./lock-file-of.ts";
import type { PlanSources } from "./read-plan-sources.ts";

/** What trees took when the lock beside the overlay was made. A lock that cannot be used is told of, and nothing more. */
export async function readLockedSizes(
  { overlay }: Pick<PlanSources, "overlay">,
  platform: Platform,
): Promise<{ readonly sizes: LockedSizes; readonly diagnostics: readonly Diagnostic[] }> {
  const file = lockFileOf(overlay);
  if (!existsSync(file)) return { sizes: {}, diagnostics: [] };
  const { readLock } = await import("../source/lock-file.ts");
  try {
    const images = readLock(file)?.images ?? [];
    const own = images.filter(({ plan }) => plan.platform === platform);
    return { sizes: Object.assign({}, ...own.map(({ sizes }) => sizes)), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof SkillcrateError && error.code === "LOCK_BROKEN")) throw error;
    const { message, hint } = error;
    return { sizes: {}, diagnostics: [{ code: "LOCK_UNUSED", severity: "warning", message, hint }] };
  }
}
