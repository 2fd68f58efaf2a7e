import Docker from "dockerode";
import { isDeadRun } from "../../src/engine/run-identity.ts";
import { runOfTag, type TestRun } from "../support/test-run.ts";

/** Removes tags of this run, and of runs whose process was killed, that plain builders made: they carry no label of ours. */
export async function removeNamedImages(run: TestRun): Promise<void> {
  const docker = new Docker();
  const images = await docker.listImages({ filters: { reference: ["skillcrate-test-*"] } });
  const tags = images.flatMap(({ RepoTags }) => RepoTags ?? []);
  const over = tags.filter((tag) => {
    const id = runOfTag(tag);
    return id !== undefined && (id === run.id || isDeadRun(id));
  });
  // Forced, since a container of a test that was cut off may still stand on it. One after the other: an engine that is
  // asked for two names of one image at once finds neither.
  for (const tag of over) await docker.getImage(tag).remove({ force: true }).catch(ignoreGone);
}

/** Another run that ends at the same time removes what is left of dead ones, too. */
function ignoreGone(error: unknown): void {
  if ((error as { readonly statusCode?: number }).statusCode !== 404) throw error;
}
