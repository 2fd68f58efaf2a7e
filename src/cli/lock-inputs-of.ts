import type { LockedImage, LockInputs } from "../plan/lock.ts";
import { compareInputs, type InputDifference, inputsOfSkills, inputsOfSpec } from "../plan/lock-inputs.ts";
import type { PlanOptions } from "./command-options.ts";
import type { PlanSources } from "./read-plan-sources.ts";
import { toTagPrefix } from "./tag-prefix.ts";

type InputOptions = Pick<PlanOptions, "base" | "tagPrefix" | "accept" | "allow">;

/** What each wanted image, and each that one of them stands on, is planned from: by name. */
export function lockInputsOf(
  { wanted, profiles, specs, overlay, needs }: PlanSources,
  options: InputOptions,
): ReadonlyMap<string, LockInputs> {
  const prefix = toTagPrefix(options.tagPrefix);
  const inputs = new Map<string, LockInputs>();
  const addSpec = (name: string | undefined): void => {
    const spec = specs.find((loaded) => loaded.spec.name === name)?.spec;
    if (spec === undefined || inputs.has(spec.name)) return;
    addSpec(spec.below);
    inputs.set(spec.name, inputsOfSpec(spec, { tag: `${prefix}${spec.tag}`, below: spec.below ?? null }));
  };
  for (const choice of wanted) if (choice !== "skills") addSpec(choice);
  const { skills: corrections, bins, ecosystems, scripts } = overlay;
  for (const { name, base, skills } of profiles) {
    const below = options.base ?? base;
    addSpec(below);
    const others = {
      accepted: [...options.accept].sort(),
      allowed: [...options.allow].sort(),
      "overlay skills": corrections,
      "overlay bins": bins,
      "overlay ecosystems": ecosystems.allow === null && ecosystems.deny.length === 0 ? {} : ecosystems,
      "overlay scripts": scripts.npm,
    };
    inputs.set(
      name,
      inputsOfSkills({ tag: `${prefix}sandbox-skills:${name}`, below, skills, needs, others }),
    );
  }
  return inputs;
}

/** Inputs that differ from those of locked images. */
export function differencesFrom(
  images: readonly LockedImage[],
  inputs: ReadonlyMap<string, LockInputs>,
): InputDifference[] {
  return images.flatMap(({ plan: { name }, inputs: locked }) =>
    compareInputs(name, locked, inputs.get(name) ?? {}),
  );
}
