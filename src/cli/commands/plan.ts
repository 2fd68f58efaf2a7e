import { formatCommand } from "../../diagnostic/format-command.ts";
import { escapeText } from "../../diagnostic/quote-value.ts";
import type { ImagePlan, Layer } from "../../plan/image-plan.ts";
import type { PredictedSize, SizedPlan } from "../../plan/predict-sizes.ts";
import { formatImagePlan, skillsOf } from "../../report/format-image-plan.ts";
import { formatLeftOut } from "../../report/format-left-out.ts";
import { formatLibraries } from "../../report/format-libraries.ts";
import { formatResolutions } from "../../report/format-resolutions.ts";
import type { Style } from "../../report/style.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { planOptions } from "../command-options.ts";
import { type PlannedImages, planImages } from "../plan-images.ts";
import type { PlannedProfile } from "../plan-profile.ts";
import { platformOfProcess } from "../platform-of-process.ts";
import { predictPlannedSizes } from "../predict-planned-sizes.ts";
import { readLockedSizes } from "../read-locked-sizes.ts";
import { openDefaultState, readPlanGround } from "../read-plan-ground.ts";
import { readPlanSources } from "../read-plan-sources.ts";
import { readUserOverlay } from "../read-user-overlay.ts";
import { readWaitingUpdates } from "../waiting-updates.ts";

/** Resolves every required binary and plans the images, without an engine. */
export async function plan(context: CommandContext<typeof planOptions>): Promise<CommandOutput> {
  const { args, options } = context;
  const user = await readUserOverlay(options.config, context);
  const sources = await readPlanSources(args, options, context, ["skills"], user);
  const platform = options.platform ?? platformOfProcess();
  const state = openDefaultState(context);
  const { ground, diagnostics } = await readPlanGround(state, platform, options.baseImage);
  const planned = planImages(sources, ground, options);
  const locked = await readLockedSizes(sources, platform);
  const sized = predictPlannedSizes(planned, sources.debian, ground, locked.sizes);
  const updates = await readWaitingUpdates(state, planned.plans);
  return {
    outcome: planned.leftOut.every((skill) => skill.elsewhere) ? "ok" : "partial",
    diagnostics: [...diagnostics, ...planned.diagnostics, ...locked.diagnostics, ...updates],
    result: {
      resolutions: planned.profiles.flatMap(({ name, resolutions }) =>
        resolutions.map((resolution) => ({ image: name, ...resolution })),
      ),
      libraries: planned.profiles.flatMap(({ name, libraries }) =>
        libraries.map((library) => ({ image: name, ...library })),
      ),
      images: sized.map(toRow),
      leftOut: planned.leftOut,
    },
    text: (style) => formatPlan(planned, sized, style),
    next: formatCommand(["skillcrate", "build", ...context.words]),
  };
}

/** An image plan with its size, in which each layer also names the skills that asked for it, once each. */
type PlanRow = Omit<ImagePlan, "layers"> & {
  readonly layers: readonly (Layer & { readonly skills: string[] })[];
  readonly size: PredictedSize;
};

function toRow({ plan, size }: SizedPlan): PlanRow {
  const layers = plan.layers.map((layer) => ({ ...layer, skills: skillsOf(layer.requestedBy) }));
  return { ...plan, layers, size };
}

function formatPlan({ profiles, leftOut }: PlannedImages, sized: readonly SizedPlan[], style: Style): string {
  const sections = [
    ...profiles.map((profile) => formatProfile(profile, profiles.length > 1, style)),
    ...sized.map((image) => formatImagePlan(image, style)),
    formatLeftOut(leftOut, style),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** Where there are several images, each table says whose it is. */
function formatProfile(
  { name, resolutions, libraries }: PlannedProfile,
  isOneOfSeveral: boolean,
  style: Style,
): string {
  const tables = [
    ...(resolutions.length > 0 ? [formatResolutions(resolutions, style)] : []),
    ...(libraries.length > 0 ? [formatLibraries(libraries, style)] : []),
  ];
  if (tables.length === 0) return "";
  return [...(isOneOfSeveral ? [style.bold(escapeText(name))] : []), tables.join("\n\n")].join("\n");
}
