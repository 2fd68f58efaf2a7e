import type { LockedImage } from "../plan/lock.ts";
import type { LeftOut } from "./plan-profile.ts";
import type { PlanSources } from "./read-plan-sources.ts";

/** The skills that images of a lock are without, with the folders that they have here. */
export function leftOutOfLock(
  images: readonly LockedImage[],
  { profiles }: Pick<PlanSources, "profiles">,
): LeftOut[] {
  return images.flatMap(({ plan: { name }, leftOut }) => {
    const skills = profiles.find((profile) => profile.name === name)?.skills ?? [];
    const folders = new Map<string, string[]>();
    for (const skill of skills) folders.set(skill.name, [...(folders.get(skill.name) ?? []), skill.dir]);
    return leftOut.map(({ skill, ...why }) => ({
      image: name,
      skill,
      dir: folders.get(skill)?.shift() ?? "",
      ...why,
    }));
  });
}
