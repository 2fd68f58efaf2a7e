import type { Engine } from "../../src/engine/engine.ts";
import { withThrowawayContainer } from "../../src/engine/throwaway-container.ts";

/**
 * What a shell script prints in an image, on standard error where it prints nothing else: read-only, without a network
 * and with nothing to write to. `user` null: the image's own.
 */
export async function runInImage(
  engine: Engine,
  image: string,
  script: string,
  user: string | null = null,
): Promise<string> {
  const spec = {
    ...{ image, user, env: {}, network: "none", readOnlyRoot: true, tmpfs: {} },
    ...{ memoryBytes: 512 * 1024 ** 2, pids: 64 },
  };
  return withThrowawayContainer(engine, spec, AbortSignal.timeout(120_000), async (container) => {
    const limits = { outputLimitBytes: 1024 ** 2, timeoutMs: 60_000 };
    const { stdout, stderr } = await container.exec({ command: ["sh", "-c", script], ...limits });
    return stdout.trim() || stderr.trim();
  });
}
