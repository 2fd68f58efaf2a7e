import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { ImageDetails } from "../../engine/engine.ts";
import { shareRun } from "../../host/share-run.ts";
import { howToGetImage } from "./how-to-get-image.ts";
import type { SandboxGround } from "./sandbox-request.ts";

/**
 * What the configured image is now; a missing one is built first where the gateway's ground says how, once for all who ask
 * for it. Throws `IMAGE_NOT_FOUND` with the command that builds it, and what building throws.
 */
export async function findImage(
  { docker }: SandboxConfig,
  { engine, buildImage, builds }: Pick<SandboxGround, "engine" | "buildImage" | "builds">,
  signal: AbortSignal | undefined,
): Promise<ImageDetails> {
  const reference = docker.image.value;
  const there = await engine.images.inspect(reference, signal);
  if (there !== null) return there;
  if (buildImage !== undefined)
    await shareRun(builds, reference, (shared) => buildImage(reference, shared), signal);
  // By the very name that is configured: another image never takes its place.
  const built = buildImage === undefined ? null : await engine.images.inspect(reference, signal);
  if (built !== null) return built;
  throw new SkillcrateError("IMAGE_NOT_FOUND", `There is no image ${quoteValue(reference)}.`, {
    hint: howToGetImage(reference),
  });
}
