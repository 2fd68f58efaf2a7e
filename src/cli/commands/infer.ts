import { formatCommand } from "../../diagnostic/format-command.ts";
import { builtInImagesDir } from "../../host/package-dir.ts";
import { knownBinaries } from "../../plan/known-binaries.ts";
import { planBuiltInImages } from "../../plan/plan-built-in-images.ts";
import { debianIndex } from "../../recipe/debian-index.ts";
import { debianModules } from "../../recipe/debian-modules.ts";
import { debianPackages } from "../../recipe/debian-packages.ts";
import { deniedKinds } from "../../recipe/denied-kinds.ts";
import type { Overlay } from "../../recipe/overlay.ts";
import type { ResolveContext } from "../../recipe/resolve-context.ts";
import { formatInferred } from "../../report/format-inferred.ts";
import { formatPath } from "../../report/format-place.ts";
import { readDebianIndex } from "../../source/read-debian-index.ts";
import { readImageSpecs } from "../../source/read-image-specs.ts";
import { acceptInferred, isAcceptable } from "../accept-inferred.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { inferOptions } from "../command-options.ts";
import { type InferredRow, inferSkills } from "../infer-skills.ts";
import { platformOfProcess } from "../platform-of-process.ts";
import { openDefaultState, readPlanGround } from "../read-plan-ground.ts";
import { readSkills } from "../read-skills.ts";
import { readUserOverlay } from "../read-user-overlay.ts";
import { toTagPrefix } from "../tag-prefix.ts";

/** Says what skills use and do not declare, and writes what is only likely into the overlay where that is asked for. */
export async function infer(context: CommandContext<typeof inferOptions>): Promise<CommandOutput> {
  const { args, options, cwd, signal } = context;
  const { overlay, diagnostics: corrections } = await readUserOverlay(options.config, context);
  const { skills, diagnostics } = await readSkills(args, context);
  const inferred = await inferSkills(skills, await resolveContext(overlay, context), signal);
  const rows = inferred.rows.filter((row) => isWanted(row, options));
  const accepted = options.accept ? rows.filter(isAcceptable) : [];
  if (accepted.length > 0) {
    const { addToOverlay } = await import("../../source/add-to-overlay.ts");
    const { changeOverlay } = await import("../../source/change-overlay.ts");
    changeOverlay(overlay.file, (text) => addToOverlay(text, acceptInferred(accepted)));
  }
  const proposals = rows.filter((row) => !accepted.includes(row) && isAcceptable(row));
  return {
    outcome: "ok",
    diagnostics: [...corrections, ...diagnostics, ...inferred.diagnostics],
    result: { inferred: rows, overlay: overlay.file, accepted: accepted.map(toName) },
    text: (style) => {
      const written = formatPath(overlay.file, cwd);
      return formatInferred(rows, { written, accepted: accepted.length, cwd }, style);
    },
    ...(proposals.length > 0
      ? { next: formatCommand(["skillcrate", "infer", ...context.words, "--accept"]) }
      : {}),
  };
}

function isWanted(
  { confidence, name }: InferredRow,
  { guesses, only }: CommandContext<typeof inferOptions>["options"],
): boolean {
  if (only.length > 0) return only.includes(name);
  return guesses || confidence !== "guess";
}

function toName({ skill, kind, name }: InferredRow): Pick<InferredRow, "skill" | "kind" | "name"> {
  return { skill, kind, name };
}

/** What the skills' image would stand on and be made from. */
async function resolveContext(
  overlay: Overlay,
  context: CommandContext<typeof inferOptions>,
): Promise<ResolveContext> {
  const platform = context.options.platform ?? platformOfProcess();
  const { specs } = await readImageSpecs(builtInImagesDir());
  const { ground } = await readPlanGround(openDefaultState(context), platform, null);
  const { plans } = planBuiltInImages({ ...ground, specs, tagPrefix: toTagPrefix(null), only: ["base"] });
  const debian = readDebianIndex();
  return {
    platform,
    below: knownBinaries("base", plans),
    overlay,
    debianIndex: debianIndex(debian, platform),
    debianPackages: debianPackages(debian, platform),
    debianModules: debianModules(debian, platform),
    disabledKinds: deniedKinds(overlay),
  };
}
