import { join } from "node:path";
import type { ImageOutcome } from "../../engine/build/build-outcome.ts";
import type { Engine } from "../../engine/engine.ts";
import { packageDir } from "../../host/package-dir.ts";
import { formatGatewayConfig } from "../../report/format-gateway-config.ts";
import { formatImages } from "../../report/format-images.ts";
import { formatLeftOut } from "../../report/format-left-out.ts";
import { formatPath } from "../../report/format-place.ts";
import { locateGateway } from "../../source/locate-gateway.ts";
import { buildWantedImages } from "../build-wanted-images.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { imageChoices, type setupOptions } from "../command-options.ts";
import { connectOrInstallEngine } from "../connect-or-install-engine.ts";
import { readNetwork } from "../read-network.ts";
import { openDefaultState } from "../read-plan-ground.ts";
import { type PlanSources, readPlanSources } from "../read-plan-sources.ts";
import { readUserOverlay, type UserOverlay } from "../read-user-overlay.ts";
import { tagAliases } from "../tag-prefix.ts";

/** From nothing to verified images that a gateway can use; run again, it only looks. */
export async function setup(context: CommandContext<typeof setupOptions>): Promise<CommandOutput> {
  const { options, env, homeDir } = context;
  const user = await readUserOverlay(options.config, context);
  const network = await readNetwork(options, env, user.overlay.network);
  const sources = await readSetupSources(context, user);
  const gateway = locateGateway(env, homeDir);
  const prefixes = gateway.found && options.tagPrefix === null ? [gateway.tagPrefix] : [];
  const aliases = (tag: string) => tagAliases(tag, prefixes);
  const built = await buildWantedImages(
    {
      sources,
      options: { ...options, base: null, accept: [], allow: [], platform: null, strict: false },
      network: network.settings,
      state: openDefaultState(context),
      connect: () => connectOrInstallEngine(context),
      settings: { aliases },
    },
    context,
  );
  const { engine, outcome, leftOut, outcomes, exitCode } = built;
  await addAliases(engine, outcomes, aliases);
  const config = describeConfig(sources, outcomes);
  const usable = exitCode === null && outcome !== "cancelled";
  return {
    outcome,
    diagnostics: [...network.diagnostics, ...gateway.diagnostics, ...built.diagnostics],
    result: {
      images: outcomes,
      aliases: outcomes.flatMap(({ tag }) => aliases(tag)),
      leftOut,
      gateway: { configPath: gateway.configPath, config },
    },
    text: (style) =>
      [
        formatImages(outcomes, style),
        formatLeftOut(leftOut, style),
        usable ? formatGatewayConfig(config, formatPath(gateway.configPath, context.cwd), style) : "",
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
    ...(exitCode === null ? {} : { exitCode }),
  };
}

/** The example skills of this package, unless paths or the overlay name others. */
async function readSetupSources(
  context: CommandContext<typeof setupOptions>,
  user: UserOverlay,
): Promise<PlanSources> {
  const { args, options } = context;
  const wantsSkills = options.only.length === 0 || options.only.includes("skills");
  if (args.length > 0 || !wantsSkills || user.overlay.images.length > 0) {
    return await readPlanSources(args, options, context, imageChoices, user);
  }
  const examples = { ...options, name: options.name ?? "examples" };
  return await readPlanSources([join(packageDir(), "skills")], examples, context, imageChoices, user);
}

/** Images that were there before may lack the names that a gateway found since looks for. */
async function addAliases(
  engine: Engine,
  outcomes: readonly ImageOutcome[],
  aliases: (tag: string) => readonly string[],
): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome.status !== "current") continue;
    for (const alias of aliases(outcome.tag)) {
      const tagged = await engine.images.inspect(alias);
      if (tagged?.id !== outcome.id) await engine.images.tag(outcome.id, alias);
    }
  }
}

/** The part of the gateway's configuration that makes it use these images. */
function describeConfig({ wanted, profiles }: PlanSources, outcomes: readonly ImageOutcome[]) {
  const tagOf = (image: string) => outcomes.find((outcome) => outcome.image === image)?.tag;
  const images = [...profiles.map(({ name }) => name), "common", "base"].map(tagOf);
  const image = images.find((tag) => tag !== undefined);
  const browser = wanted.includes("browser") ? tagOf("browser") : undefined;
  const sandbox = {
    mode: "non-main",
    ...(image === undefined ? {} : { docker: { image } }),
    ...(browser === undefined ? {} : { browser: { enabled: true, image: browser } }),
  };
  return { agents: { defaults: { sandbox } } };
}
