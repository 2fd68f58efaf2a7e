import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { obtainLockedBase } from "../engine/base/obtain-base.ts";
import type { ImageOutcome } from "../engine/build/build-outcome.ts";
import { compareEpochs, type EpochDifference } from "../plan/compare-epochs.ts";
import type { Platform, Requester } from "../plan/image-plan.ts";
import type { Lock, LockedImage } from "../plan/lock.ts";
import type { InputDifference } from "../plan/lock-inputs.ts";
import { plansOfLock } from "../plan/plans-of-lock.ts";
import { resolvedWith } from "../plan/resolved-with.ts";
import { placeOfBin } from "../recipe/place-of-bin.ts";
import { readLock } from "../source/lock-file.ts";
import { type BuiltPlans, buildPlans, summarise } from "./build-plans.ts";
import type { WantedImages } from "./build-wanted-images.ts";
import type { Outcome, Surroundings } from "./command.ts";
import { exitCodeOfError } from "./exit-code.ts";
import { leftOutOfLock } from "./left-out-of-lock.ts";
import { lockFileOf } from "./lock-file-of.ts";
import { differencesFrom, lockInputsOf } from "./lock-inputs-of.ts";
import type { LeftOut } from "./plan-profile.ts";
import { platformOfProcess } from "./platform-of-process.ts";
import type { PlanSources } from "./read-plan-sources.ts";

export interface FrozenImages {
  readonly outcome: Outcome;
  /** Empty where inputs differ: then nothing was built. */
  readonly outcomes: readonly ImageOutcome[];
  readonly differences: readonly InputDifference[];
  /** As it was when the lock was made. */
  readonly leftOut: readonly LeftOut[];
  /** What was resolved with something else than is there today: nothing of that is built. */
  readonly epochs: readonly EpochDifference[];
  readonly diagnostics: BuiltPlans["diagnostics"];
  readonly exitCode: number | null;
}

/**
 * Builds the wanted images from the lock: nothing is resolved, and no index is asked. Where what is asked for is not
 * what the lock was made for, nothing is built and the differences are told, before an engine is asked for. Throws
 * `LOCK_MISSING`, `LOCK_BROKEN`, `BUILD_REFUSED` where `strict` forbids what the lock leaves out, and `BASE_UNAVAILABLE`
 * where the very base of the lock cannot be had.
 */
export async function buildFrozenImages(
  { sources, options, network, state, connect, settings }: WantedImages,
  surroundings: Surroundings,
): Promise<FrozenImages> {
  const { signal } = surroundings;
  const platform = options.platform ?? platformOfProcess();
  const inputs = lockInputsOf(sources, options);
  const images = requireLockedImages(sources, platform, [...inputs.keys()]);
  const differences = differencesFrom(images, inputs);
  const leftOut = leftOutOfLock(images, sources);
  const known = { differences, leftOut, epochs: epochsFrom(images, sources) };
  if (differences.length > 0) return { ...nothingBuilt, ...known, outcome: "difference" };
  if (options.strict) refuseLost(leftOut);
  const plans = plansOfLock(images, askersOf(sources));
  const engine = await connect();
  for (const { below } of plans) {
    if (below.kind === "external") {
      await obtainLockedBase(engine, below, { platform, signal, onProgress: () => {} });
    }
  }
  const { outcomes, diagnostics } = await buildPlans(
    { engine, plans, sources, network, state, settings },
    surroundings,
  );
  const failure = outcomes.find((outcome) => outcome.status === "failed");
  return {
    ...known,
    outcome: summarise(outcomes, leftOut),
    outcomes,
    diagnostics,
    exitCode: failure === undefined ? null : exitCodeOfError(failure.code, signal),
  };
}

const nothingBuilt = { outcomes: [], diagnostics: [], exitCode: null };

function epochsFrom(images: readonly LockedImage[], { debian }: PlanSources): EpochDifference[] {
  return images.flatMap((image) =>
    compareEpochs(image.plan.name, image.resolvedWith, resolvedWith(debian, image.plan.platform)),
  );
}

function refuseLost(leftOut: readonly LeftOut[]): void {
  const lost = leftOut.filter((skill) => !skill.elsewhere);
  if (lost.length === 0) return;
  const names = lost.map(({ skill, reasons }) => `${skill}: ${reasons.join("; ")}`);
  throw new SkillcrateError(
    "BUILD_REFUSED",
    "With --strict nothing is built, since the lock leaves skills out.",
    {
      hint: ["Correct or leave out these skills, and lock the rest:", ...names].join("\n"),
    },
  );
}

/** The locked images of these names, in their order. Throws `LOCK_MISSING`. */
export function requireLockedImages(
  { overlay }: Pick<PlanSources, "overlay">,
  platform: Platform,
  names: readonly string[],
): LockedImage[] {
  const file = lockFileOf(overlay);
  const lock = readLock(file);
  return names.map((name) => findLocked(lock, name, platform) ?? missing(file, lock, name, platform));
}

function findLocked(lock: Lock | null, name: string, platform: Platform): LockedImage | undefined {
  return lock?.images.find(({ plan }) => plan.name === name && plan.platform === platform);
}

function missing(file: string, lock: Lock | null, name: string, platform: Platform): never {
  const message =
    lock === null
      ? `There is no lock ${quoteValue(file)}.`
      : `The lock ${quoteValue(file)} has no image ${quoteValue(name)} for ${platform}.`;
  throw new SkillcrateError("LOCK_MISSING", message, {
    hint: "Make it with the same paths and options: skillcrate lock",
  });
}

/** Who asks for commands and libraries today, and where. */
export function askersOf({ profiles, needs }: Pick<PlanSources, "profiles" | "needs">): Requester[] {
  return profiles
    .flatMap(({ skills }) => skills)
    .flatMap((skill): Requester[] => {
      const { bins = [], libraries = [] } = needs.get(skill.dir) ?? {};
      const declared = [...skill.requires.bins, ...skill.requires.anyBins].map((bin) => {
        const place = placeOfBin(skill, bin);
        return { skill: skill.name, bin, ...(place === undefined ? {} : { place }) };
      });
      const used = bins.map(({ name, place }) => ({ skill: skill.name, bin: name, place }));
      const imported = libraries.map(({ language, naming, name, place }) => ({
        skill: skill.name,
        bin: "",
        library: { language, naming, name },
        place,
      }));
      return [...imported, ...used, ...declared];
    });
}
