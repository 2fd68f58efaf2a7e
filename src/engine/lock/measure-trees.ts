import type { ImagePlan } from "../../plan/image-plan.ts";
import type { Engine } from "../engine.ts";
import { sandboxLimits, withThrowawayContainer } from "../throwaway-container.ts";

/** What the trees of a finished image take, in bytes, by their paths: files as engines count them, links once. */
export async function measureTrees(
  engine: Engine,
  { layers }: ImagePlan,
  image: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const paths = layers.flatMap((layer) =>
    layer.kind === "trees" ? layer.trees.map(({ path }) => path) : [],
  );
  if (paths.length === 0) return new Map();
  const spec = { ...sandboxLimits, image, user: "0:0", env: {}, network: "none" };
  return await withThrowawayContainer(engine, spec, signal, async (container) => {
    const { stdout } = await container.exec({
      command: ["sh", "-c", script, "measure-trees", ...paths],
      outputLimitBytes: 1024 * 1024,
      timeoutMs: 120_000,
    });
    const lines = stdout.split("\n");
    return new Map(
      paths.flatMap((path, index) =>
        /^\d+$/.test(lines[index] ?? "") ? [[path, Number(lines[index])]] : [],
      ),
    );
  });
}

const script =
  "for tree; do find \"$tree\" ! -type d -printf '%i %s\\n' | awk '!seen[$1]++ { sum += $2 } END { printf \"%.0f\\n\", sum }'; done";
