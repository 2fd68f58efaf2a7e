import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { renderFetchAhead } from "../../dockerfile/render-fetch-ahead.ts";
import type { ImagePlan } from "../../plan/image-plan.ts";
import { type BuildSettings, builderOf } from "../build-settings.ts";
import type { Engine } from "../engine.ts";
import { labelInstruction } from "../label/label-instruction.ts";
import { buildingState, imageLabels } from "../label/label-names.ts";
import { currentRun } from "../run-identity.ts";
import { removeUnlessInUse } from "../sweep-leftovers.ts";
import { awaitImageId } from "./await-image-id.ts";

/**
 * While the lowest image is built, which keeps one processor busy, fetches the packages of the images above it into
 * their caches. What does not come about here, each image does for itself: nothing is thrown but what nobody expects.
 */
export async function fetchAhead(
  engine: Engine,
  lowest: ImagePlan,
  above: readonly ImagePlan[],
  settings: BuildSettings,
): Promise<void> {
  const { network, signal } = settings;
  const builder = builderOf(settings, engine.info);
  const rendered = builder === "buildkit" ? renderFetchAhead(lowest, above, network) : null;
  if (rendered === null) return;
  const label = labelInstruction({ [imageLabels.state]: `${buildingState} ${currentRun()}` });
  const content = new TextEncoder().encode(`${rendered.dockerfile}${label}\n`);
  try {
    const id = await awaitImageId(
      engine.builds.build({
        context: rendered.context.map((file) => (file.path === "Dockerfile" ? { ...file, content } : file)),
        buildArgs: rendered.buildArgs,
        platform: engine.info.platform === lowest.platform ? null : lowest.platform,
        builder,
        cacheFrom: [],
        inlineCache: false,
        noCache: false,
        target: null,
        signal,
      }),
    );
    await removeUnlessInUse(engine, id, { keepParents: true });
  } catch (error) {
    if (!(error instanceof SkillcrateError)) throw error;
  }
}
