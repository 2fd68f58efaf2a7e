import type { Engine, ImageDetails } from "../../src/engine/engine.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "./run-build.ts";

/** Gives a tag to an image of the same contents as the base image and another id, as when a base is built again. */
export async function rebuildBase(engine: Engine, tag: string): Promise<ImageDetails> {
  const request = buildRequest(onTestBase(), { builder: "classic" });
  await engine.images.tag(imageOf(await runBuild(engine, request)), tag);
  const rebuilt = await engine.images.inspect(tag);
  if (rebuilt === null) throw new Error("the image was not built");
  return rebuilt;
}
