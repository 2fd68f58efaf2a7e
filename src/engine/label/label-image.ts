import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ContextFile } from "../../dockerfile/build-context.ts";
import { awaitImageId } from "../build/await-image-id.ts";
import type { Engine, ImageDetails } from "../engine.ts";
import { labelInstruction } from "./label-instruction.ts";

/**
 * Gives an image labels in a step that adds nothing else; returns the labelled image, whose layers are those of the
 * first. The image given may be untagged; it may be gone afterwards, since Podman lets go of an image with its last name.
 */
export async function labelImage(
  engine: Engine,
  image: ImageDetails,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ImageDetails> {
  const id = await withReference(engine, image.id, (reference) =>
    buildLabels(engine, image, `FROM ${reference}\n${labelInstruction(labels)}\n`, signal),
  );
  const labelled = await engine.images.inspect(id, signal);
  requireSameLayers(image, labelled);
  return labelled;
}

/** Throws `ENGINE_PROTOCOL` where labels changed more than labels. */
export function requireSameLayers(
  before: ImageDetails,
  after: ImageDetails | null,
): asserts after is ImageDetails {
  if (after !== null && after.layers.join() === before.layers.join()) return;
  throw new SkillcrateError("ENGINE_PROTOCOL", "an image's layers changed while it was given labels", {
    hint: "Nothing was tagged. Run it again; if it stays so, report the engine's version.",
  });
}

/**
 * The classic builder takes an image id after FROM, and makes no layer for labels; BuildKit takes names only. Podman's
 * builder would look an id up in registries, so there the image has a name for as long as the step takes.
 */
async function withReference<T>(
  engine: Engine,
  id: string,
  use: (reference: string) => Promise<T>,
): Promise<T> {
  if (engine.info.product === "docker") return await use(id);
  const name = `localhost/skillcrate-unfinished:${id.replace("sha256:", "").slice(0, 32)}-${process.pid}`;
  await engine.images.tag(id, name);
  try {
    return await use(name);
  } finally {
    await engine.images.remove(name);
  }
}

async function buildLabels(
  engine: Engine,
  image: ImageDetails,
  dockerfile: string,
  signal: AbortSignal,
): Promise<string> {
  const context: readonly ContextFile[] = [
    { path: "Dockerfile", mode: 0o644, content: new TextEncoder().encode(dockerfile) },
  ];
  const platform = `linux/${image.architecture}`;
  const build = engine.builds.build({
    context,
    buildArgs: {},
    platform: engine.info.platform === platform ? null : platform,
    builder: "classic",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal,
  });
  return await awaitImageId(build);
}
