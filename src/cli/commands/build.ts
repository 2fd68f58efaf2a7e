import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { EpochDifference } from "../../plan/compare-epochs.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import type { InputDifference } from "../../plan/lock-inputs.ts";
import { formatImages } from "../../report/format-images.ts";
import { formatLeftOut } from "../../report/format-left-out.ts";
import { epochNames, formatInputDifferences, formatLockChange } from "../../report/format-lock.ts";
import { type BuiltImages, buildWantedImages, type WantedImages } from "../build-wanted-images.ts";
import type { CommandContext, CommandOutput, Surroundings } from "../command.ts";
import type { buildOptions } from "../command-options.ts";
import { lockWanted } from "../lock-wanted.ts";
import type { OptionValues } from "../option.ts";
import { pushImage } from "../push-image.ts";
import type { PlanSources } from "../read-plan-sources.ts";
import { readWantedImages } from "../read-wanted-images.ts";

type BuildValues = OptionValues<typeof buildOptions>;

/** Builds the skills images and what they stand on, or the images that `--only` names. */
export async function build(context: CommandContext<typeof buildOptions>): Promise<CommandOutput> {
  const { options } = context;
  refuseContradictions(options);
  const { wanted: asked, diagnostics } = await readWantedImages(context);
  const { sources } = asked;
  refuseSeveral(sources, options.cacheTo);
  const wanted: WantedImages = {
    ...asked,
    settings: {
      noCache: (plan) => options.noCache && isAskedFor(plan, sources),
      cacheFrom: options.cacheFrom,
      inlineCache: options.cacheTo !== null,
    },
  };
  if (options.frozen) return await buildFrozen(wanted, diagnostics, context);
  const built = await buildWantedImages(wanted, context);
  const { outcome, leftOut, outcomes, exitCode } = built;
  const lock = options.lock && exitCode === null ? await lockWanted(built, wanted, context) : null;
  const cache = await pushCache(built, options.cacheTo, context);
  return {
    outcome,
    diagnostics: [...diagnostics, ...built.diagnostics],
    result: { images: outcomes, leftOut, cache, lock },
    text: (style) =>
      [
        formatImages(outcomes, style),
        formatLeftOut(leftOut, style),
        lock === null ? "" : formatLockChange(lock, style),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
    ...(exitCode === null ? {} : { exitCode }),
  };
}

function refuseContradictions({ frozen, lock, refresh, cacheTo }: BuildValues): void {
  const other = [lock && "--lock", refresh && "--refresh", cacheTo !== null && "--cache-to"].find(Boolean);
  if (!frozen || other === undefined) return;
  throw new SkillcrateError("USAGE", `--frozen builds what the lock says, and ${other} asks for more.`, {
    hint: "Take newer versions with skillcrate update, and build with --frozen then.",
  });
}

async function buildFrozen(
  wanted: WantedImages,
  found: readonly Diagnostic[],
  context: Surroundings,
): Promise<CommandOutput> {
  const { buildFrozenImages } = await import("../build-frozen-images.ts");
  const frozen = await buildFrozenImages(wanted, context);
  const { outcome, outcomes, leftOut, differences, epochs, diagnostics, exitCode } = frozen;
  return {
    outcome,
    diagnostics: [...found, ...diagnostics, ...differences.map(toDiagnostic), ...epochs.map(explainEpoch)],
    result: { images: outcomes, leftOut, differences, epochs },
    text: (style) =>
      [
        outcome === "difference" ? formatInputDifferences(differences, style) : formatImages(outcomes, style),
        formatLeftOut(leftOut, style),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
    ...(exitCode === null ? {} : { exitCode }),
  };
}

function toDiagnostic({ image, input, locked, now }: InputDifference): Diagnostic {
  const what = locked === null ? "is not in the lock" : now === null ? "is gone" : "is not what was locked";
  return {
    code: "LOCK_DIFFERENCE",
    severity: "error",
    message: `${image}: ${quoteValue(input)} ${what}.`,
    hint: "Nothing was built. Lock what is asked for now: skillcrate lock",
  };
}

/** Nothing of it reaches a frozen build: it tells what the next lock may take otherwise. */
function explainEpoch({ image, what, from, to }: EpochDifference): Diagnostic {
  return {
    code: "LOCK_EPOCH",
    severity: "info",
    message: `${image} was locked with another ${epochNames[what]} (${from}) than there is now (${to}); the lock is built as it is.`,
    hint: "What it would resolve to now: skillcrate plan. To take that: skillcrate update",
  };
}

/** As with `docker build`: what an image stands on is not part of building it. */
function isAskedFor(plan: ImagePlan, { wanted, profiles }: PlanSources): boolean {
  return [...wanted, ...profiles.map(({ name }) => name)].includes(plan.name);
}

/** One reference holds one image's cache. */
function refuseSeveral({ profiles }: PlanSources, cacheTo: string | null): void {
  if (cacheTo === null || profiles.length < 2) return;
  const names = profiles.map(({ name }) => name).join(" ");
  throw new SkillcrateError(
    "USAGE",
    "--cache-to takes the cache of one skills image, and there are several.",
    {
      hint: `Choose one of them with --name: ${names}`,
    },
  );
}

/** The uppermost image holds the cache of all: those below it are part of it. */
async function pushCache(
  { engine, outcomes, exitCode }: BuiltImages,
  reference: string | null,
  surroundings: Surroundings,
): Promise<Awaited<ReturnType<typeof pushImage>> | null> {
  const uppermost = outcomes.at(-1);
  if (reference === null || exitCode !== null || uppermost === undefined || !("id" in uppermost)) return null;
  await engine.images.tag(uppermost.id, reference);
  return await pushImage(engine, reference, surroundings);
}
