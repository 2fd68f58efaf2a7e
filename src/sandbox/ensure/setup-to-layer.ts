import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { awaitImageId } from "../../engine/build/await-image-id.ts";
import type { BuildStepEvent, Engine, ImageDetails } from "../../engine/engine.ts";

export interface SetupLayerRequest {
  readonly engine: Engine;
  /** The image that the sandboxes are made of now. */
  readonly reference: string;
  /** `docker.setupCommand`: the operator's own. */
  readonly script: string;
  /** What the new image is called. Another one of that name loses it once this one is whole. */
  readonly tag: string;
  /** Proxies, by the names that builders leave out of an image's history. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly onEvent?: (event: BuildStepEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a setup command while an image is built, where it has what a sandbox denies it: root, a network, and a root file
 * system that it can write; once, and not in every sandbox. Gives the new image, which is the old one with one layer more.
 *
 * Throws `IMAGE_NOT_FOUND`, `BUILD_FAILED` where the command fails (nothing is tagged then), and `CANCELLED`.
 */
export async function setupToLayer(request: SetupLayerRequest): Promise<ImageDetails> {
  const { engine, reference, tag, signal } = request;
  const below = await engine.images.inspect(reference, signal);
  if (below === null) {
    throw new SkillcrateError("IMAGE_NOT_FOUND", `There is no image ${quoteValue(reference)}.`, {
      hint: "Build it first: npm run sandbox:setup",
    });
  }
  const dockerfile = renderDockerfile(request, below);
  const build = engine.builds.build({
    context: [{ path: "Dockerfile", mode: 0o644, content: Buffer.from(dockerfile) }],
    buildArgs: request.buildArgs,
    platform: null,
    builder: engine.info.buildkit ? "buildkit" : "classic",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal,
  });
  const id = await awaitImageId(build, request.onEvent);
  await engine.images.tag(id, tag);
  const image = await engine.images.inspect(id, signal);
  if (image !== null) return image;
  throw new SkillcrateError("IMAGE_NOT_FOUND", "The image was built, and is gone.", {
    hint: "Somebody removed it meanwhile; run it again.",
  });
}

/** Its user is put back after: whoever stands on the image gets the one it had. */
function renderDockerfile({ reference, script }: SetupLayerRequest, { user }: ImageDetails): string {
  if (!userGrammar.test(user)) {
    throw new SkillcrateError(
      "INPUT_INVALID",
      `The user ${quoteValue(user)} of ${quoteValue(reference)} cannot be kept.`,
      {
        hint: "Build the image with a plain USER, such as 1000:1000.",
      },
    );
  }
  return [
    `FROM ${reference}`,
    // An image that names no user runs as root, and cannot be given back to nobody.
    ...(user === "" ? [] : ["USER 0:0"]),
    `RUN ${toExecForm(["sh", "-ec", script])}`,
    ...(user === "" ? [] : [`USER ${user}`]),
    "",
  ].join("\n");
}

const userGrammar = /^[A-Za-z0-9_.-]{0,64}(?::[A-Za-z0-9_.-]{1,64})?$/;

/** JSON that no builder takes for a here-document or a line that goes on. */
function toExecForm(words: readonly string[]): string {
  return JSON.stringify(words).replace(/[<\u2028\u2029]/g, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  });
}
