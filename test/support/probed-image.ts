import type { Engine } from "../../src/engine/engine.ts";
import type { PromisedBinary } from "../../src/plan/image-plan.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "./run-build.ts";

/**
 * An image without a name on the base of this run, with scripts in /usr/local/bin and the user `sandbox` (uid 1000).
 * `after` are further instructions.
 */
export async function buildProbedImage(
  engine: Engine,
  scripts: Readonly<Record<string, string>>,
  ...after: readonly string[]
): Promise<string> {
  const context = Object.entries(scripts).map(([name, text]) => {
    return { path: `bin/${name}`, mode: 0o755, content: Buffer.from(text) };
  });
  const dockerfile = onTestBase(
    "RUN useradd --create-home --uid 1000 sandbox",
    ...(context.length === 0 ? [] : ["COPY bin/ /usr/local/bin/"]),
    ...after,
    "USER sandbox",
  );
  return imageOf(await runBuild(engine, buildRequest(dockerfile, { context })));
}

export function promiseOf(name: string, versionArgs: readonly string[] | null = null): PromisedBinary {
  return { name, versionArgs, requestedBy: [] };
}
