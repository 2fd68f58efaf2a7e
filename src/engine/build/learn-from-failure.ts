import type { ImagePlan } from "../../plan/image-plan.ts";
import type { Unavailable } from "../../recipe/unavailable.ts";
import type { BuildJob } from "./build-image.ts";
import { findFailedRecipes } from "./find-failed-recipes.ts";
import { findUnreachable } from "./find-unreachable.ts";

/**
 * What cannot be had after all, with what was known before; null where the step that failed tells nothing new, or there
 * is no plan without it.
 */
export function learnFromFailure(
  { plan: asked, settings, trace }: Pick<BuildJob, "plan" | "settings" | "trace">,
  failed: ImagePlan,
  known: Unavailable,
): Unavailable | null {
  const missed = findUnreachable(failed, trace);
  if (missed !== null) {
    if (known.kinds.has(missed.kind)) return null;
    return { ...known, kinds: new Map([...known.kinds, [missed.kind, missed.reason]]) };
  }
  const recipes = new Map([...findFailedRecipes(failed, trace.part, trace.log), ...known.recipes]);
  if (recipes.size === known.recipes.size || recipes.size > mostFailedRecipes) return null;
  const more = { ...known, recipes };
  const anew = settings.replan(asked, more);
  return anew === null || anew.hash === failed.hash ? null : more;
}

/** With more of them something else is wrong than recipes. */
const mostFailedRecipes = 50;
