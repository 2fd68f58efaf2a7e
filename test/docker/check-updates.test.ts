import { beforeAll, describe, expect, inject, test } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { checkUpdates } from "../../src/engine/network/check-updates.ts";
import { readAptEpoch } from "../../src/engine/network/read-apt-epoch.ts";
import type { PackageCacheCounts } from "../support/package-cache.ts";
import { buildProbedImage } from "../support/probed-image.ts";
import { connectTestEngine } from "../support/test-engine.ts";

let engine: Engine;
const signal = new AbortController().signal;

beforeAll(async () => {
  engine = await connectTestEngine();
});

function network() {
  return { ...noNetworkSettings, httpProxy: inject("aptProxy") };
}

describe("updates that wait for an image", () => {
  test("are told with both versions; the image stays as it is", async () => {
    // As if it had been built long ago.
    const image = await buildProbedImage(
      engine,
      {},
      "RUN sed -i '/^Package: tzdata$/,/^$/ s/^Version: .*/Version: 2000a-1/' /var/lib/dpkg/status",
    );
    const before = await engine.images.inspect(image);
    const updates = await checkUpdates(engine, image, { network: network(), signal });
    expect(updates.imageId).toBe(image);
    expect([...updates.security, ...updates.other]).toContainEqual({
      package: "tzdata",
      from: "2000a-1",
      to: expect.stringMatching(/^20\d\d/),
    });
    expect(await engine.images.inspect(image)).toEqual(before);
  });

  test("cannot be told where apt reaches nothing, or is not there", async () => {
    const nowhere = { ...noNetworkSettings, httpProxy: "http://127.0.0.1:9" };
    await expect(
      checkUpdates(engine, inject("baseImage"), { network: nowhere, signal }),
    ).rejects.toMatchObject({
      code: "APT_FAILED",
    });
    const without = await buildProbedImage(engine, {}, "RUN rm /usr/bin/apt-get");
    await expect(checkUpdates(engine, without, { network: network(), signal })).rejects.toMatchObject({
      code: "APT_FAILED",
      message: expect.stringContaining("apt-get: not found"),
    });
    await expect(
      checkUpdates(engine, "skillcrate-no-such-image:1", { network: network(), signal }),
    ).rejects.toMatchObject({
      code: "IMAGE_NOT_FOUND",
    });
  });
});

test("the state of the package index has a name, the same from one moment to the next and from another mirror", async () => {
  const options = { network: network(), signal };
  const epoch = await readAptEpoch(engine, inject("baseImage"), options);
  expect(epoch).toMatch(/^apt-[0-9a-f]{16}$/);
  expect(await readAptEpoch(engine, inject("baseImage"), options)).toBe(epoch);
  // The cache stands for whatever archive the image's own sources name.
  const response = await fetch(`${inject("packageCache")}/counts`);
  const { byPath } = (await response.json()) as PackageCacheCounts;
  const archive = Object.keys(byPath)
    .map((path) => /^http:\/\/(.+\/debian)\/dists\//.exec(path)?.[1])
    .find((found) => found !== undefined);
  const aptMirror = `${inject("aptProxy").replace("//", "//user:password@")}/apt/${archive}`;
  const mirrored = { network: { ...noNetworkSettings, aptMirror }, signal };
  expect(await readAptEpoch(engine, inject("baseImage"), mirrored)).toBe(epoch);
});
