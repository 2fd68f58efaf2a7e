import Docker from "dockerode";
import { expect } from "vitest";
import type { ExplainedContainer } from "../../src/sandbox/explain/explanation.ts";

/** Holds what is explained of a container of the tests' engine against the engine's own answer. */
export async function expectExplained(explained: ExplainedContainer): Promise<void> {
  const { Name, Image, HostConfig, Config, Mounts } = await new Docker().getContainer(explained.id).inspect();
  expect(explained).toMatchObject({
    name: Name.slice(1),
    imageId: Image,
    network: HostConfig.NetworkMode,
    user: Config.User,
    readOnlyRoot: HostConfig.ReadonlyRootfs,
    memoryBytes: HostConfig.Memory,
    pids: HostConfig.PidsLimit,
    cpus: (HostConfig.NanoCpus ?? 0) / 1e9,
    mounts: Mounts.map(({ Source, Destination, RW }) => ({
      source: Source,
      target: Destination,
      readOnly: !RW,
    })).sort((left, right) => (left.target < right.target ? -1 : 1)),
  });
}
