import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine, ImageDetails } from "../../engine/engine.ts";

/** What the configured image is now. Throws `IMAGE_NOT_FOUND` with the command that builds it. */
export async function findImage(
  { docker }: SandboxConfig,
  engine: Engine,
  signal: AbortSignal | undefined,
): Promise<ImageDetails> {
  const reference = docker.image.value;
  const image = await engine.images.inspect(reference, signal);
  if (image !== null) return image;
  throw new SkillcrateError("IMAGE_NOT_FOUND", `There is no image ${quoteValue(reference)}.`, {
    hint: howToGet(reference),
  });
}

/** The command that builds an image of ours; another image never takes its place. */
function howToGet(reference: string): string {
  const match = /^(.+)-sandbox(?:-(common|browser|skills))?:(.+)$/.exec(reference);
  if (match === null) return `Fetch it: docker pull ${quoteValue(reference)}`;
  const [, prefix = "", kind = "base", tag = ""] = match;
  const tagPrefix = prefix === "openclaw" ? "" : ` --tag-prefix ${prefix}`;
  return kind === "skills"
    ? `Build it: skillcrate build --name ${tag}${tagPrefix}`
    : `Build it: skillcrate setup --only ${kind}${tagPrefix}`;
}
