import { defaultAgentId } from "../../config/session/configured-agents.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { proxyArguments } from "../../dockerfile/render-image.ts";
import { connectEngine } from "../../engine/connect/connect-engine.ts";
import { isImageReference } from "../../plan/image-reference.ts";
import { emptyOverlay } from "../../recipe/overlay.ts";
import { formatBytes } from "../../report/format-bytes.ts";
import { loadSandboxConfig } from "../../sandbox/config/load-sandbox-config.ts";
import { setupToLayer } from "../../sandbox/ensure/setup-to-layer.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import { readNetwork } from "../read-network.ts";
import type { sandboxToLayerOptions } from "../sandbox-options.ts";
import { showStep } from "../show-step.ts";

/** Builds an image in which an agent's setup command has run. */
export async function sandboxToLayer(
  context: CommandContext<typeof sandboxToLayerOptions>,
): Promise<CommandOutput> {
  const { options, env, signal, story } = context;
  const document = readGatewayDocument(context);
  const agentId = options.agent ?? defaultAgentId(document.valueAt([]));
  const { config, diagnostics } = loadSandboxConfig(document, agentId);
  const { image, setupCommand } = config.docker;
  const tag = requireTag(options.tag, image.value);
  const script = setupCommand.value;
  if (script === null) {
    throw new SkillcrateError(
      "INPUT_INVALID",
      `The agent ${quoteValue(agentId)} has no docker.setupCommand.`,
      {
        hint: "Nothing is to be done: its sandboxes stand on the image as it is.",
      },
    );
  }
  const network = await readNetwork(options, env, emptyOverlay("").network);
  const engine = await connectEngine(context);
  const built = await showStep(story, tag, async (step) => {
    step.start("setupCommand");
    return await setupToLayer({
      engine,
      reference: image.value,
      script,
      tag,
      buildArgs: proxyArguments(network.settings),
      onEvent: (event) => {
        if (event.type === "step-log") step.log(event.text);
      },
      signal,
    });
  });
  return {
    outcome: "ok",
    diagnostics: [...diagnostics.filter(({ code }) => code !== "CONFIG_SETUP_NEEDS"), ...network.diagnostics],
    result: { agent: config.agentId, below: image.value, tag, id: built.id, sizeBytes: built.sizeBytes },
    text: () =>
      [
        `${tag} is ${image.value} with the setup command in it, ${formatBytes(built.sizeBytes)}.`,
        `Write it into the gateway's configuration, and take ${setupCommand.origin.key} out: ${image.origin.key}: ${JSON.stringify(tag)}`,
      ].join("\n"),
  };
}

function requireTag(tag: string | null, below: string): string {
  const why =
    tag === null
      ? "--tag is missing: what is the new image to be called?"
      : !isImageReference(tag)
        ? `${quoteValue(tag)} is not an image's name.`
        : tag === below
          ? `${quoteValue(tag)} is the image that it stands on.`
          : null;
  if (tag !== null && why === null) return tag;
  throw new SkillcrateError("USAGE", why ?? "", {
    hint: "Give it a name of its own: --tag my-sandbox:tools",
  });
}
