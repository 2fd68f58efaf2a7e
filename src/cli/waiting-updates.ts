import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { formatCount } from "../report/format-count.ts";
import type { State } from "../source/open-state.ts";

/** Which of these images waited for security updates when `doctor` last looked. */
export async function readWaitingUpdates(state: State, plans: readonly ImagePlan[]): Promise<Diagnostic[]> {
  const { value, diagnostics } = await state.updates.read();
  const waiting = plans.flatMap(({ tag }): Diagnostic[] => {
    const known = value.images[tag];
    if (known === undefined || known.security.length === 0) return [];
    const updates = formatCount(known.security.length, "security update");
    return [
      {
        code: "IMAGE_UPDATES_WAITING",
        severity: "warning",
        message: `${tag} was behind ${updates} on ${known.checkedAt.slice(0, 10)}.`,
        hint: "Build it again with --refresh.",
      },
    ];
  });
  return [...diagnostics, ...waiting];
}

/** What was known of images that have been built anew holds no more. */
export async function forgetWaitingUpdates(state: State, tags: readonly string[]): Promise<void> {
  const { value } = await state.updates.read();
  if (tags.every((tag) => value.images[tag] === undefined)) return;
  await state.updates.change((current) => {
    const kept = Object.entries(current.images).filter(([tag]) => !tags.includes(tag));
    return { ...current, images: Object.fromEntries(kept) };
  });
}
