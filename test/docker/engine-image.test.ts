import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { beforeAll, expect, inject, test } from "vitest";
import { packContext } from "../../src/engine/build/pack-context.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { buildRequest, imageOf, onTestBase, runBuild } from "../support/run-build.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

let engine: Engine;

beforeAll(async () => {
  engine = await connectTestEngine();
});

/** A root file system of one small file, as an image with a label. */
async function importSmall(label: string): Promise<string> {
  const tar = await packContext([{ path: "file", mode: 0o644, content: Buffer.from(randomUUID()) }]);
  const changes = [
    `LABEL ${testLabel}=${inject("testRun")} ${label}=yes`,
    'CMD ["/file"]',
    "USER 7:7",
    "ENV A=b",
  ];
  return engine.images.importRoot(tar, changes);
}

test("an imported image is found by id, tag and label, with what it is", async () => {
  const label = `dev.skillcrate.test-image-${randomUUID()}`;
  const tag = `${inject("tagPrefix")}imported:1`;
  const id = await importSmall(label);
  await engine.images.tag(id, tag);
  const details = await engine.images.inspect(tag);
  expect(details).toMatchObject({
    id,
    tags: [tag],
    repoDigests: [],
    labels: { [label]: "yes" },
    user: "7:7",
    env: ["A=b"],
    architecture: engine.info.platform.split("/")[1],
  });
  expect(details?.sizeBytes).toBeGreaterThan(0);
  expect(details?.layers).toHaveLength(1);
  expect(Date.parse(details?.created ?? "")).toBeGreaterThan(Date.UTC(2020, 0));
  expect(await engine.images.inspect(id)).toEqual(details);
  expect(await engine.images.list(label)).toEqual([details]);
  expect(await engine.images.list(`${label}=yes`)).toHaveLength(1);
  expect(await engine.images.list(`${label}=no`)).toEqual([]);

  await engine.images.remove(tag);
  await engine.images.remove(tag);
  expect(await engine.images.inspect(tag)).toBeNull();
  expect(await engine.images.list(label)).toEqual([]);
});

test("an image in use stays, with the reason", async () => {
  const id = await importSmall("dev.skillcrate.test-used");
  const [one, two] = [`${inject("tagPrefix")}used:1`, `${inject("tagPrefix")}used-too:2`];
  await engine.images.tag(id, one);
  await engine.images.tag(id, two);
  await expect(engine.images.remove(id)).rejects.toMatchObject({ code: "IMAGE_IN_USE" });
  await engine.images.remove(one);
  await engine.images.remove(two);
  expect(await engine.images.inspect(id)).toBeNull();
});

test("history: newest first, with sizes", async () => {
  const dockerfile = onTestBase("RUN head -c 1000000 /dev/urandom > /blob", "ENV LAST=one");
  const id = imageOf(await runBuild(engine, buildRequest(dockerfile)));
  const history = await engine.images.history(id);
  expect(history[0]?.createdBy).toContain("ENV LAST=one");
  expect(history[1]?.createdBy).toContain("/blob");
  expect(history[1]?.sizeBytes).toBeGreaterThanOrEqual(1_000_000);
});

test("what is not there", async () => {
  const none = `${inject("tagPrefix")}none:none`;
  expect(await engine.images.inspect(none)).toBeNull();
  await engine.images.remove(none);
  const notFound = expect.objectContaining({ code: "IMAGE_NOT_FOUND" });
  await expect(engine.images.tag(none, `${inject("tagPrefix")}x:1`)).rejects.toThrow(notFound);
  await expect(engine.images.history(none)).rejects.toThrow(notFound);
  await expect(engine.images.inspect("Not A Name")).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("what is no tar archive is no image", async () => {
  const rubbish = Readable.from([Buffer.alloc(5000, "not a tar archive")]);
  await expect(engine.images.importRoot(rubbish, [])).rejects.toMatchObject({ code: "ENGINE_REFUSED" });
});

test("inspecting four images makes four requests and no more", async () => {
  const images = Array.from({ length: 4 }, () => inject("baseImage"));
  const found = await Promise.all(images.map((image) => engine.images.inspect(image)));
  expect(new Set(found.map((image) => image?.id)).size).toBe(1);
});
