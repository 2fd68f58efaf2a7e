import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type RenderedFolder, writeRendering } from "../../src/cli/write-rendering.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "skillcrate-rendering-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const folder = (name: string, text: string): RenderedFolder => ({
  name,
  tag: `p-${name}:x`,
  hash: "0".repeat(64),
  files: [
    { path: "Dockerfile", mode: 0o644, content: Buffer.from(text) },
    { path: "files/entry.sh", mode: 0o755, content: Buffer.from("#!/bin/sh\n") },
  ],
});

test("writes a folder for each image with its modes, whatever the umask", async () => {
  const umask = process.umask(0o077);
  try {
    await writeRendering(join(dir, "deep", "out"), [folder("base", "FROM a")], { force: false });
  } finally {
    process.umask(umask);
  }
  expect(readFileSync(join(dir, "deep/out/base/Dockerfile"), "utf8")).toBe("FROM a");
  expect(statSync(join(dir, "deep/out/base/files/entry.sh")).mode & 0o777).toBe(0o755);
});

test("a second rendering replaces the first, drops images that are gone, and leaves nothing else behind", async () => {
  await writeRendering(dir, [folder("base", "1"), folder("mine", "1")], { force: false });
  writeFileSync(join(dir, "base", "stale"), "");
  writeFileSync(join(dir, "notes.txt"), "the user's own");
  mkdirSync(join(dir, ".skillcrate-staging-dead", "new"), { recursive: true });
  await writeRendering(dir, [folder("base", "2")], { force: false });
  expect(readdirSync(dir).sort()).toEqual(["base", "notes.txt", "skillcrate-render.json"]);
  expect(readdirSync(join(dir, "base")).sort()).toEqual(["Dockerfile", "files"]);
  expect(readFileSync(join(dir, "base", "Dockerfile"), "utf8")).toBe("2");
});

test("refuses a folder that holds something else, and touches nothing in it", async () => {
  writeFileSync(join(dir, "thesis.tex"), "years of work");
  await expect(writeRendering(dir, [folder("base", "1")], { force: false })).rejects.toMatchObject({
    code: "OUTPUT_FOREIGN",
  });
  expect(readdirSync(dir)).toEqual(["thesis.tex"]);
});

test("with force it writes beside what is there", async () => {
  writeFileSync(join(dir, "thesis.tex"), "years of work");
  await writeRendering(dir, [folder("base", "1")], { force: true });
  expect(readdirSync(dir).sort()).toEqual(["base", "skillcrate-render.json", "thesis.tex"]);
});

test.each(["not json", "[]", '{"format":"other","images":[]}'])("a manifest %j is not ours", async (text) => {
  writeFileSync(join(dir, "skillcrate-render.json"), text);
  await expect(writeRendering(dir, [], { force: false })).rejects.toMatchObject({ code: "OUTPUT_FOREIGN" });
});

test("a manifest cannot lead the removal out of the folder", async () => {
  mkdirSync(join(dir, "out"));
  writeFileSync(join(dir, "precious"), "");
  const images = [{ name: "../precious" }, { name: ".." }, { name: 7 }];
  writeFileSync(
    join(dir, "out/skillcrate-render.json"),
    JSON.stringify({ format: "skillcrate/rendering@1", images }),
  );
  await writeRendering(join(dir, "out"), [folder("base", "1")], { force: false });
  expect(readdirSync(dir).sort()).toEqual(["out", "precious"]);
});

test("a link in an image's place is replaced, not followed", async () => {
  mkdirSync(join(dir, "elsewhere"));
  await writeRendering(join(dir, "out"), [], { force: false });
  symlinkSync(join(dir, "elsewhere"), join(dir, "out", "base"));
  await writeRendering(join(dir, "out"), [folder("base", "1")], { force: false });
  expect(readdirSync(join(dir, "elsewhere"))).toEqual([]);
  expect(statSync(join(dir, "out/base")).isDirectory()).toBe(true);
});
