import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { fetchedBytesOf, recordsFolder } from "../../dockerfile/render-image.ts";
import type { ImagePlan, TreeStage } from "../../plan/image-plan.ts";
import { parseRecord } from "../../plan/parse-record.ts";
import type { PartLock } from "../../plan/part-lock.ts";
import { awaitImageId } from "../build/await-image-id.ts";
import { renderForBuilder } from "../build/render-for-builder.ts";
import { builderOf } from "../build-settings.ts";
import type { Engine } from "../engine.ts";
import { labelInstruction } from "../label/label-instruction.ts";
import { buildingState, imageLabels } from "../label/label-names.ts";
import { currentRun } from "../run-identity.ts";
import { removeUnlessInUse } from "../sweep-leftovers.ts";
import { sandboxLimits, withThrowawayContainer } from "../throwaway-container.ts";
import type { LockSettings } from "./read-locked-parts.ts";

/** What a stage has told of the tree that it made. */
export interface StageRecord {
  readonly lock: PartLock;
  /** Of the files that it has fetched for that. */
  readonly fetchedBytes: number;
}

/**
 * What some of an image's trees were made from. The stages are built for it, every step of them cached where the image
 * was built a moment ago, and their records read in a container.
 */
export async function readRecords(
  engine: Engine,
  plan: ImagePlan,
  trees: readonly TreeStage[],
  settings: LockSettings,
): Promise<ReadonlyMap<string, StageRecord>> {
  if (trees.length === 0) return new Map();
  const image = await buildRecords(engine, plan, settings);
  try {
    const spec = { ...sandboxLimits, image, user: "0:0", env: {}, network: "none" };
    return await withThrowawayContainer(engine, spec, settings.signal, async (container) => {
      const read = async (path: string): Promise<string> => {
        const limits = { outputLimitBytes: 16 * 1024 * 1024, timeoutMs: 30_000 };
        const { stdout, truncated } = await container.exec({ command: ["cat", path], ...limits });
        return truncated ? "" : stdout;
      };
      const records = new Map<string, StageRecord>();
      for (const stage of trees) {
        const lock = parseRecord(stage, await read(`${recordsFolder}/${stage.id}`), settings.network);
        if (lock === null) throw unreadable(plan, stage);
        const fetchedBytes =
          lock.kind === "download"
            ? lock.sizeBytes
            : Number.parseInt(await read(fetchedBytesOf(stage.id)), 10);
        if (!Number.isSafeInteger(fetchedBytes) || fetchedBytes < 0) throw unreadable(plan, stage);
        records.set(stage.id, { lock, fetchedBytes });
      }
      return records;
    });
  } finally {
    await removeUnlessInUse(engine, image, { keepParents: true });
  }
}

async function buildRecords(engine: Engine, plan: ImagePlan, settings: LockSettings): Promise<string> {
  const builder = builderOf(settings, engine.info);
  const { image } = renderForBuilder(plan, builder, settings.renderRecords);
  const label = labelInstruction({ [imageLabels.state]: `${buildingState} ${currentRun()}` });
  const content = new TextEncoder().encode(`${image.dockerfile.trimEnd()}\n${label}\n`);
  return await awaitImageId(
    engine.builds.build({
      context: image.context.map((file) => (file.path === "Dockerfile" ? { ...file, content } : file)),
      buildArgs: image.buildArgs,
      platform: engine.info.platform === plan.platform ? null : plan.platform,
      builder,
      cacheFrom: [],
      inlineCache: false,
      noCache: false,
      target: null,
      signal: settings.signal,
    }),
  );
}

function unreadable(plan: ImagePlan, { id, packages }: TreeStage): SkillcrateError {
  const names = packages.map(({ name }) => name).join(", ");
  return new SkillcrateError("LOCK_UNREADABLE", `what ${id} of ${plan.name} was made from cannot be read`, {
    hint: `Something about ${names} has a form that no lock can hold; leave it out, or report it.`,
  });
}
