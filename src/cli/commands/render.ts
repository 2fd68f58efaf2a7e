import { relative, resolve } from "node:path";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { RenderedImage } from "../../dockerfile/build-context.ts";
import { keptSettings } from "../../dockerfile/kept-settings.ts";
import { renderImage } from "../../dockerfile/render-image.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import { formatPath } from "../../report/format-place.ts";
import { formatTable } from "../../report/format-table.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { renderOptions } from "../command-options.ts";
import { planImages } from "../plan-images.ts";
import { platformOfProcess } from "../platform-of-process.ts";
import { readNetwork } from "../read-network.ts";
import { openDefaultState, readPlanGround } from "../read-plan-ground.ts";
import { readPlanSources } from "../read-plan-sources.ts";
import { readUserOverlay } from "../read-user-overlay.ts";
import { writeRendering } from "../write-rendering.ts";

/** Writes the Dockerfile and context of each planned image into a folder of its own. */
export async function render(context: CommandContext<typeof renderOptions>): Promise<CommandOutput> {
  const { args, options } = context;
  const output = requireOutput(options.output, context.cwd);
  const user = await readUserOverlay(options.config, context);
  const network = await readNetwork(options, context.env, user.overlay.network);
  const sources = await readPlanSources(args, options, context, ["skills"], user);
  const platform = options.platform ?? platformOfProcess();
  const remembered = await readPlanGround(openDefaultState(context), platform, options.baseImage);
  const planned = planImages(sources, { ...remembered.ground, ...keptSettings(network.settings) }, options);
  const contents = Object.assign({}, ...sources.specs.map((loaded) => loaded.contents));
  const rendering = options.rendering ?? "portable";
  const rendered = planned.plans.map((plan) => ({
    plan,
    ...renderImage(plan, { rendering, network: network.settings, contents }),
  }));
  const diagnostics = [
    ...network.diagnostics,
    ...remembered.diagnostics,
    ...planned.diagnostics,
    ...rendered.flatMap((image) => image.diagnostics),
  ];
  const images = rendered.flatMap(({ plan, image }) => (image === null ? [] : [toFolder(plan, image)]));
  if (images.length < rendered.length || !planned.complete) throw notRendered(diagnostics);
  await writeRendering(output, images, { force: options.force });
  const rows = images.map(({ name, tag, hash, buildArgs }): RenderedRow => {
    return { name, tag, hash, dir: resolve(output, name), buildArgs: Object.keys(buildArgs) };
  });
  return {
    outcome: planned.leftOut.every((skill) => skill.elsewhere) ? "ok" : "partial",
    diagnostics,
    result: { output, rendering, images: rows, leftOut: planned.leftOut },
    text: (style) =>
      formatTable(
        [{ title: "image" }, { title: "tag" }, { title: "folder" }],
        rows.map(({ name, tag, dir }) => [
          name,
          { text: tag, paint: style.bold },
          formatPath(dir, context.cwd),
        ]),
        style,
      ),
    next: nextCommands(rows, context.cwd),
  };
}

interface RenderedRow {
  readonly name: string;
  readonly tag: string;
  readonly hash: string;
  readonly dir: string;
  /** Names of the predefined build arguments that the network needs; their values may hold passwords. */
  readonly buildArgs: readonly string[];
}

function requireOutput(output: string | null, cwd: string): string {
  if (output !== null && output !== "") return resolve(cwd, output);
  throw new SkillcrateError("USAGE", "render needs a folder to write into.", { hint: "Add --output DIR" });
}

function toFolder(plan: ImagePlan, image: RenderedImage) {
  return {
    name: plan.name,
    tag: plan.tag,
    hash: plan.hash,
    files: image.context,
    buildArgs: image.buildArgs,
  };
}

function notRendered(diagnostics: SkillcrateError["diagnostics"]): SkillcrateError {
  return new SkillcrateError("INPUT_INVALID", "Nothing was written, since not every image can be rendered.", {
    hint: "Correct what these diagnostics say.",
    diagnostics,
  });
}

/** Lower images first: the upper ones are made from their tags. */
function nextCommands(rows: readonly RenderedRow[], cwd: string): string {
  const commands = rows.map(({ tag, dir, buildArgs }) => {
    const folder = relative(cwd, dir);
    const args = buildArgs.flatMap((name) => ["--build-arg", name]);
    return formatCommand(["docker", "build", ...args, "-t", tag, folder.startsWith("..") ? dir : folder]);
  });
  return commands.join(" && ");
}
