import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import type { ContextFile } from "../dockerfile/build-context.ts";
import { awaitImageId } from "./await-image-id.ts";
import type { Engine, ImageDetails } from "./engine.ts";

/**
 * Gives an image labels in a step that adds nothing else; returns the labelled image, whose layers are those of the
 * first. The image given may be untagged. Throws `INPUT_INVALID` for a label that cannot be written down safely.
 */
export async function labelImage(
  engine: Engine,
  image: ImageDetails,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ImageDetails> {
  const id = await withReference(engine, image.id, (reference) =>
    buildLabels(engine, image, renderLabels(reference, labels), signal),
  );
  const labelled = await engine.images.inspect(id, signal);
  if (labelled === null || labelled.layers.join() !== image.layers.join()) {
    throw new SkillcrateError(
      "ENGINE_PROTOCOL",
      "the engine changed an image's layers while it was given labels",
      {
        hint: "Nothing was tagged. Run it again; if it stays so, report the engine's version.",
      },
    );
  }
  return labelled;
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

function renderLabels(reference: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${quote(key)}=${quote(value)}`);
  return `FROM ${reference}\nLABEL ${pairs.join(" ")}\n`;
}

/** In double quotes a Dockerfile knows three special characters. A line end cannot be written in any way. */
function quote(text: string): string {
  if (/\p{Cc}/u.test(text)) {
    throw new SkillcrateError("INPUT_INVALID", "a label holds a control character", {
      hint: "This is a mistake of this program: what it puts into labels is escaped before.",
    });
  }
  return `"${text.replace(/["\\$]/g, "\\$&")}"`;
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
