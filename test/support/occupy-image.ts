import { inject } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import { testLabel } from "./test-run.ts";

/** While `work` runs there is a container of the image, which therefore cannot be removed. */
export async function occupyImage(engine: Engine, image: string, work: () => Promise<void>): Promise<void> {
  const id = await engine.containers.create({
    image,
    command: ["sleep", "60"],
    user: null,
    env: {},
    labels: { [testLabel]: inject("testRun") },
    network: "none",
    readOnlyRoot: true,
    tmpfs: {},
    memoryBytes: 64 * 1024 * 1024,
    pids: 16,
  });
  try {
    await work();
  } finally {
    await engine.containers.remove(id);
  }
}
