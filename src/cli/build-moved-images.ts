import { compareText } from "../diagnostic/compare-text.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { Engine } from "../engine/engine.ts";
import { readNewerDebs } from "../engine/lock/read-newer-debs.ts";
import { hashPlan } from "../plan/hash-plan.ts";
import type { ImagePlan } from "../plan/image-plan.ts";
import { inventoryOfPlan } from "../plan/inventory.ts";
import { findNamed, moveParts } from "../plan/move-parts.ts";
import { plansOfLock } from "../plan/plans-of-lock.ts";
import { askersOf, requireLockedImages } from "./build-frozen-images.ts";
import { buildPlans, summarise } from "./build-plans.ts";
import type { BuiltImages, WantedImages } from "./build-wanted-images.ts";
import type { Surroundings } from "./command.ts";
import { exitCodeOfError } from "./exit-code.ts";
import { leftOutOfLock } from "./left-out-of-lock.ts";
import { differencesFrom, lockInputsOf } from "./lock-inputs-of.ts";
import { planImages } from "./plan-images.ts";
import { platformOfProcess } from "./platform-of-process.ts";
import { readPlanGround } from "./read-plan-ground.ts";

/**
 * Builds the images of the lock with newer versions of what is named, and of what that needs; all else stays locked.
 * Throws `LOCK_MISSING`; `LOCK_MISMATCH` where the engine does not have the images of the lock; and `INPUT_INVALID`
 * where the lock has no such package, or was made for something else than is asked for.
 */
export async function buildMovedImages(
  wanted: WantedImages,
  names: readonly string[],
  surroundings: Surroundings,
): Promise<BuiltImages> {
  const { sources, options, network, state } = wanted;
  const { signal } = surroundings;
  const platform = options.platform ?? platformOfProcess();
  const inputs = lockInputsOf(sources, options);
  const images = requireLockedImages(sources, platform, [...inputs.keys()]);
  if (differencesFrom(images, inputs).length > 0) throw askedForOthers();
  const locked = plansOfLock(images, askersOf(sources));
  requireNames(locked, names);
  const { ground } = await readPlanGround(state, platform, options.baseImage);
  const planned = planImages(sources, ground, options);
  const engine = await wanted.connect();
  const plans = await moveAll(engine, locked, planned.plans, { names: new Set(names), network, signal });
  const { outcomes, diagnostics } = await buildPlans(
    { engine, plans, sources, network, state, settings: {} },
    surroundings,
  );
  const failure = outcomes.find((outcome) => outcome.status === "failed");
  return {
    engine,
    planned: { ...planned, plans },
    outcomes,
    leftOut: leftOutOfLock(images, sources),
    outcome: summarise(outcomes, []),
    diagnostics,
    exitCode: failure === undefined ? null : exitCodeOfError(failure.code, signal),
    replan: () => null,
  };
}

/** What is to be taken anew must not come from a cache. */
function hasOpenTrees({ stages, locked }: ImagePlan): boolean {
  return stages.some(({ kind, id }) => kind === "tree" && locked?.parts[id] === undefined);
}

interface Moves {
  readonly names: ReadonlySet<string>;
  readonly network: WantedImages["network"];
  readonly signal: AbortSignal;
}

/** Lowest first, since each stands on the one before as it is now. */
async function moveAll(
  engine: Engine,
  locked: readonly ImagePlan[],
  fresh: readonly ImagePlan[],
  { names, network, signal }: Moves,
): Promise<ImagePlan[]> {
  const moved = new Map<string, ImagePlan>();
  for (const plan of locked) {
    const { debian } = findNamed(plan, names);
    const debs = await readNewerDebs(engine, plan, debian, { network, signal });
    const next = moveParts(plan, {
      names,
      fresh: fresh.find(({ name }) => name === plan.name) ?? null,
      debs,
    });
    const { below } = next;
    const lower = below.kind === "planned" ? moved.get(below.name) : undefined;
    const standing = {
      ...next,
      ...(hasOpenTrees(next) && { takenAt: new Date().toISOString().replace(/[-:.]/g, "") }),
      below: below.kind === "planned" && lower !== undefined ? { ...below, hash: lower.hash } : below,
    };
    moved.set(plan.name, { ...standing, hash: hashPlan(standing) });
  }
  return [...moved.values()];
}

function requireNames(locked: readonly ImagePlan[], names: readonly string[]): void {
  const unknown = names.filter((name) =>
    locked.every((plan) => {
      const { stages, debian } = findNamed(plan, new Set([name]));
      return stages.length + debian.length === 0;
    }),
  );
  if (unknown.length === 0) return;
  const known = [...new Set(locked.flatMap(inventoryOfPlan).map(({ name }) => name))].sort(compareText);
  const shown = known.filter((name) => unknown.some((word) => name.includes(word) || word.includes(name)));
  throw new SkillcrateError("INPUT_INVALID", `The lock has no ${unknown.map(quoteValue).join(", ")}.`, {
    hint:
      shown.length > 0
        ? `Like it: ${shown.slice(0, 10).join(" ")}`
        : "Name commands, Debian packages of an image, or packages that a tree is made of.",
  });
}

function askedForOthers(): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", "The lock was made for something else than is asked for now.", {
    hint: "See what with skillcrate build --frozen, and lock all of it: skillcrate lock",
  });
}
