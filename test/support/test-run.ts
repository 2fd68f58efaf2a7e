import type { Engine } from "../../src/engine/engine.ts";
import { imageLabels, madeLabel } from "../../src/engine/label/label-names.ts";
import { readImageLabels } from "../../src/engine/label/label-reader.ts";
import { currentRun, isDeadRun } from "../../src/engine/run-identity.ts";
import { removeStages, removeUnlessInUse } from "../../src/engine/sweep-leftovers.ts";

/** The label of containers and images that tests make by other means than Skillcrate's; its value is the run. */
export const testLabel = "dev.skillcrate.test";

/** The run that made an image of this name; undefined: none did. */
export function runOfTag(tag: string): string | undefined {
  return /^skillcrate-test-([0-9a-f.]+)-/.exec(tag)?.[1];
}

/** One run of the tests: what it makes is named for it, and only that is removed at its end. */
export interface TestRun {
  readonly id: string;
  /** Every image of the run has a repository that begins like this. */
  readonly tagPrefix: string;
}

/** The run of this process. */
export function startTestRun(): TestRun {
  const id = currentRun();
  return { id, tagPrefix: `skillcrate-test-${id}-` };
}

/** Removes the containers and images of this run, and of runs whose process was killed. */
export async function removeTestLeftovers(engine: Engine, run: TestRun): Promise<void> {
  const isOver = (id: string | undefined) => id !== undefined && (id === run.id || isDeadRun(id));
  const containers = await engine.containers.list(testLabel);
  for (const { id, labels } of containers) if (isOver(labels[testLabel])) await engine.containers.remove(id);
  const { references, stages } = await listImages(engine, isOver);
  for (const reference of references) await removeUnlessInUse(engine, reference);
  await removeStages(engine, stages);
}

interface Leftovers {
  /** Ids of untagged images, then tags, whose run is over: it is in their name, in a label, or in what they stand on. */
  readonly references: readonly string[];
  /** What the classic builder made them from. */
  readonly stages: readonly string[];
}

async function listImages(engine: Engine, isOver: (id: string | undefined) => boolean): Promise<Leftovers> {
  const labels = [imageLabels.state, madeLabel.key, testLabel];
  const lists = await Promise.all(labels.map((label) => engine.images.list(label)));
  const untagged = new Set<string>();
  const named = new Set<string>();
  const stages: string[] = [];
  for (const image of lists.flat()) {
    const { id, tags, labels } = image;
    const isLabelled = isOver(labels[testLabel]);
    const ours = tags.filter((tag) => isLabelled || isOver(runOfTag(tag)));
    const builtFor = runOfTag(labels[imageLabels.refName] ?? "");
    if (tags.length === 0 && (isLabelled || isOver(builtFor))) untagged.add(id);
    for (const tag of ours) named.add(tag);
    if (ours.length > 0) stages.push(...(readImageLabels(image)?.stages ?? []));
  }
  return { references: [...untagged, ...named], stages };
}
