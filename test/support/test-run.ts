import type { Engine } from "../../src/engine/engine.ts";
import { imageLabels, madeLabel } from "../../src/engine/label/label-names.ts";
import { currentRun, isDeadRun } from "../../src/engine/run-identity.ts";
import { removeUnlessInUse } from "../../src/engine/sweep-leftovers.ts";

/** The label of containers and images that tests make by other means than Skillcrate's; its value is the run. */
export const testLabel = "dev.skillcrate.test";

const runInTag = /^skillcrate-test-([0-9a-f]{16}\.\d+\.\d+\.\d+)-/;

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
  for (const reference of await listImages(engine, isOver)) await removeUnlessInUse(engine, reference);
}

/** Tags, and ids of untagged images, whose run is over: it is in their name or in their label. */
async function listImages(engine: Engine, isOver: (id: string | undefined) => boolean): Promise<string[]> {
  const labels = [imageLabels.state, madeLabel.key, testLabel];
  const lists = await Promise.all(labels.map((label) => engine.images.list(label)));
  const references = new Set<string>();
  for (const { id, tags, labels } of lists.flat()) {
    const isLabelled = isOver(labels[testLabel]);
    if (isLabelled && tags.length === 0) references.add(id);
    for (const tag of tags) if (isLabelled || isOver(runInTag.exec(tag)?.[1])) references.add(tag);
  }
  return [...references];
}
