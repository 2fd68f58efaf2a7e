import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, inject } from "vitest";
import type { Engine, ImageDetails } from "../../src/engine/engine.ts";
import { containerLabels } from "../../src/sandbox/container/container-plan.ts";
import { DockerGateway } from "./docker-gateway.ts";
import { connectTestEngine } from "./test-engine.ts";
import { testLabel } from "./test-run.ts";

/** Gateways on the engine of the tests, for a file of tests: what they make goes at its end. */
export function useDockerGateways() {
  let engine: Engine;
  let image: ImageDetails;
  let dir: string;
  const owners = new Set<string>();

  beforeAll(async () => {
    engine = await connectTestEngine();
    const inspected = await engine.images.inspect(inject("baseImage"));
    if (inspected === null) throw new Error("the base image is gone");
    image = inspected;
    dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-gateways-"));
  });

  afterAll(async () => {
    // Other files that run at the same time have containers of this run, too.
    const ofThisRun = await engine.sandboxes.list([`${testLabel}=${inject("testRun")}`]);
    for (const { id, labels } of ofThisRun) {
      if (owners.has(labels[containerLabels.owner] ?? "")) await engine.containers.remove(id);
    }
    rmSync(dir, { recursive: true, force: true });
  });

  return {
    engine: () => engine,
    /** Is there until the end. */
    dir: () => dir,
    newGateway: () => {
      const gateway = new DockerGateway(dir, engine, image);
      owners.add(gateway.sandboxes.owner);
      return gateway;
    },
  };
}
