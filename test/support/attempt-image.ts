import { awaitImageId } from "../../src/engine/build/await-image-id.ts";
import type { Engine } from "../../src/engine/engine.ts";

export interface AttemptImageOptions {
  readonly baseImage: string;
  /** Proxy for apt; empty: none. */
  readonly aptProxy: string;
  readonly tag: string;
}

/** The base image with what people use in sandboxes, and a user's folder, under a name that is removed with the run. */
export async function makeAttemptImage(engine: Engine, options: AttemptImageOptions): Promise<string> {
  const { baseImage, aptProxy, tag } = options;
  const packages = "git jq python3 ripgrep";
  const install = [
    `apt-get update && apt-get install -y --no-install-recommends ${packages}`,
    "rm -rf /var/lib/apt/lists",
    "install -d -o 1000 -g 1000 /home/sandbox",
  ].join(" && ");
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
