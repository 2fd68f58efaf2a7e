import { describe, expect, test } from "vitest";
import type { SandboxConfig } from "../../../src/config/sandbox-config.ts";
import type { ImageDetails } from "../../../src/engine/engine.ts";
import { findImage } from "../../../src/sandbox/ensure/find-image.ts";
import { createMemoryEngine } from "../../support/memory-engine.ts";

const reference = "openclaw-sandbox:bookworm-slim";
const config = { docker: { image: { value: reference } } } as SandboxConfig;

/** An engine whose images are those that were put there. */
function engineWith(images: ReadonlyMap<string, ImageDetails>) {
  const { engine } = createMemoryEngine();
  const inspect = async (name: string) => images.get(name) ?? null;
  return { ...engine, images: { ...engine.images, inspect } };
}

describe("a missing image", () => {
  test("is built once for all who ask for it, and is then there", async () => {
    const images = new Map<string, ImageDetails>();
    const asked: string[] = [];
    const ground = {
      engine: engineWith(images),
      builds: new Map(),
      buildImage: async (name: string) => {
        asked.push(name);
        await new Promise((resolve) => setTimeout(resolve, 20));
        images.set(name, { id: "sha256:built" } as ImageDetails);
      },
    };
    const found = await Promise.all([1, 2, 3].map(() => findImage(config, ground, undefined)));
    expect(found.map(({ id }) => id)).toEqual(["sha256:built", "sha256:built", "sha256:built"]);
    expect(asked).toEqual([reference]);
    expect(ground.builds.size).toBe(0);
  });

  test("is never another one: what was built under another name does not count", async () => {
    const images = new Map<string, ImageDetails>();
    const buildImage = async () => void images.set("other-sandbox:bookworm-slim", {} as ImageDetails);
    const ground = { engine: engineWith(images), builds: new Map(), buildImage };
    await expect(findImage(config, ground, undefined)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
      hint: "Build it: skillcrate setup --only base",
    });
  });

  test("is an error with the command, where nobody builds; how a build fails is told as it is", async () => {
    const engine = engineWith(new Map());
    await expect(findImage(config, { engine, builds: new Map() }, undefined)).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
    const buildImage = () => Promise.reject(new TypeError("no space"));
    await expect(findImage(config, { engine, builds: new Map(), buildImage }, undefined)).rejects.toThrow(
      "no space",
    );
  });

  test("is waited for no longer than the caller wants, and its build stops with the last of them", async () => {
    const controller = new AbortController();
    let stopped = false;
    const buildImage = (_name: string, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          stopped = true;
          reject(signal.reason);
        });
        setImmediate(() => controller.abort());
      });
    const ground = { engine: engineWith(new Map()), builds: new Map(), buildImage };
    await expect(findImage(config, ground, controller.signal)).rejects.toMatchObject({ code: "CANCELLED" });
    expect(stopped).toBe(true);
  });
});
