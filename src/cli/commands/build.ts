import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../../engine/connect/connect-engine.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import { formatImages } from "../../report/format-images.ts";
import { formatLeftOut } from "../../report/format-left-out.ts";
import { type BuiltImages, buildWantedImages } from "../build-wanted-images.ts";
import type { CommandContext, CommandOutput, Surroundings } from "../command.ts";
import type { buildOptions } from "../command-options.ts";
import { pushImage } from "../push-image.ts";
import { readNetwork } from "../read-network.ts";
import { openDefaultState } from "../read-plan-ground.ts";
import { type PlanSources, readPlanSources } from "../read-plan-sources.ts";
import { readUserOverlay } from "../read-user-overlay.ts";

/** Builds the skills images and what they stand on, or the images that `--only` names. */
export async function build(context: CommandContext<typeof buildOptions>): Promise<CommandOutput> {
  const { args, options } = context;
  const user = await readUserOverlay(options.config, context);
  const network = await readNetwork(options, context.env, user.overlay.network);
  const sources = await readPlanSources(args, options, context, ["skills"], user);
  refuseSeveral(sources, options.cacheTo);
  const built = await buildWantedImages(
    {
      sources,
      options,
      network: network.settings,
      state: openDefaultState(context),
      connect: () => connectEngine(context),
      settings: {
        noCache: (plan) => options.noCache && isAskedFor(plan, sources),
        cacheFrom: options.cacheFrom,
        inlineCache: options.cacheTo !== null,
      },
    },
    context,
  );
  const { outcome, leftOut, outcomes, exitCode } = built;
  const cache = await pushCache(built, options.cacheTo, context);
  return {
    outcome,
    diagnostics: [...network.diagnostics, ...built.diagnostics],
    result: { images: outcomes, leftOut, cache },
    text: (style) =>
      [formatImages(outcomes, style), formatLeftOut(leftOut, style)]
        .filter((part) => part !== "")
        .join("\n\n"),
    ...(exitCode === null ? {} : { exitCode }),
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
