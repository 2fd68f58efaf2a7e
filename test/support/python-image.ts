import { awaitImageId } from "../../src/engine/build/await-image-id.ts";
import type { Engine } from "../../src/engine/engine.ts";

export interface PythonImageOptions {
  readonly baseImage: string;
  /** Proxy for apt; empty: none. */
  readonly aptProxy: string;
  readonly tag: string;
}

/** The base image with Debian's Python in it, under a name that is removed with the run. */
export async function makePythonImage(engine: Engine, options: PythonImageOptions): Promise<string> {
  const { baseImage, aptProxy, tag } = options;
  const install =
    "apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /var/lib/apt/lists";
  const build = engine.builds.build({
    context: [
      {
        path: "Dockerfile",
        mode: 0o644,
        content: Buffer.from(`FROM ${baseImage}\nUSER 0:0\nRUN ${install}\n`),
      },
    ],
    buildArgs: aptProxy === "" ? {} : { http_proxy: aptProxy },
    platform: null,
    builder: engine.info.buildkit ? "buildkit" : "classic",
    cacheFrom: [],
    inlineCache: false,
    noCache: false,
    target: null,
    signal: AbortSignal.timeout(240_000),
  });
  await engine.images.tag(await awaitImageId(build), tag);
  return tag;
}
