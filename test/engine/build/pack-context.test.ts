import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { ContextFile } from "../../../src/dockerfile/build-context.ts";
import { packContext } from "../../../src/engine/build/pack-context.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const file = (path: string, content: string, mode = 0o644): ContextFile => {
  return { path, mode, content: Buffer.from(content) };
};
const files = [
  file("Dockerfile", "FROM base\n"),
  file("bin/run.sh", "#!/bin/sh\n", 0o755),
  file("bin/empty", ""),
  file(`deep/${"name".repeat(40)}/über ‘quoted’ name`, "x"),
  file("big", "y".repeat(1_000_000)),
];

test("the same files in any order give the same bytes", async () => {
  const [one, two] = await Promise.all(
    [files, files.toReversed()].map(async (list) => buffer(await packContext(list))),
  );
  expect(two && one?.equals(two)).toBe(true);
});

test("neither the clock nor the user is in it", async () => {
  const archive = await buffer(await packContext(files));
  const listing = execFileSync("tar", ["--list", "--verbose", "--numeric-owner", "--utc", "--full-time"], {
    input: archive,
    encoding: "utf8",
  });
  const lines = listing.trim().split("\n");
  expect(lines).toHaveLength(8);
  for (const line of lines) expect(line).toMatch(/ 0\/0 +\d+ 1980-01-01 00:00:00 /);
});

test("what is unpacked is what was packed", async () => {
  const folder = tempFolder();
  mkdirSync(join(folder, "out"));
  const archive = await buffer(await packContext(files));
  execFileSync("tar", ["--extract", "--directory", join(folder, "out")], { input: archive });
  for (const { path, content, mode } of files) {
    expect(readFileSync(join(folder, "out", path)).equals(content)).toBe(true);
    expect(statSync(join(folder, "out", path)).mode & 0o777).toBe(mode);
  }
});
