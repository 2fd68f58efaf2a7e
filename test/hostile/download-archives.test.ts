import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runFetch, serveFolder } from "../support/fetch-program.ts";

const archives = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-archives-"));
const script = new URL("../support/make-archives.py", import.meta.url).pathname;
beforeAll(() => void execFileSync("python3", [script, archives]), 120_000);
afterAll(() => rmSync(archives, { recursive: true }));

const outside = "leads out of the archive";

test.each([
  ["dot-dot.tar.gz", outside],
  ["dot-dot-inside.tar.gz", outside],
  ["dot-dot-stripped.tar.gz", outside],
  ["absolute.tar.gz", outside],
  ["backslash.tar.gz", outside],
  ["link-absolute.tar.gz", outside],
  ["link-out.tar.gz", outside],
  ["link-out-stripped.tar.gz", outside],
  ["link-over-link.tar.gz", outside],
  ["through-link.tar.gz", "which is no folder"],
  ["through-later-link.tar.gz", "which is no folder"],
  ["link-to-itself.tar.gz", "no file"],
  ["twin-out.tar.gz", outside],
  ["twin-absolute.tar.gz", outside],
  ["twin-of-nothing.tar.gz", "hard link"],
  ["twin-of-link.tar.gz", "hard link"],
  ["dot-dot.zip", outside],
  ["absolute.zip", outside],
  ["link-out.zip", outside],
  ["link-long.zip", "too long"],
  ["newline.tar.gz", "no file name"],
  ["escape.tar.gz", "no file name"],
  ["bidirectional.tar.gz", "no file name"],
  ["not-utf8.tar.gz", "no file name"],
  ["long-name.tar.gz", "no file name"],
  ["twice.tar.gz", "twice"],
  ["twice.zip", "twice"],
  ["file-and-folder.tar.gz", "twice"],
  ["below-file.tar.gz", "which is no folder"],
  ["device.tar.gz", "a device or a pipe"],
  ["block-device.tar.gz", "a device or a pipe"],
  ["pipe.tar.gz", "a device or a pipe"],
  ["pipe.zip", "a device or a pipe"],
  ["setuid.tar.gz", "setuid"],
  ["setgid.tar.gz", "setuid"],
  ["setuid.zip", "setuid"],
  ["encrypted.zip", "encrypted"],
  ["bomb.tar.gz", "more than"],
  ["bomb.tar.xz", "more than"],
  ["bomb.zip", "more than"],
  ["bomb-plain.tar.gz", "more than"],
  ["said.tar.gz", "more than"],
  ["many.tar.gz", "more than"],
  ["cut.tar.gz", "cannot be unpacked"],
  ["text.tar.gz", "cannot be unpacked"],
  ["text.tar.xz", "cannot be unpacked"],
  ["text.tar.bz2", "cannot be unpacked"],
  ["text.zip", "cannot be unpacked"],
  ["empty.tar.gz", "cannot be unpacked"],
  ["damaged.zip", "cannot be unpacked"],
])("%s is refused, and leaves nothing", async (name, reason) => {
  const host = await serveFolder(archives);
  const strip = name.includes("stripped") ? 1 : 0;
  const result = await runFetch(host, { url: `https://files.example.com/${name}`, strip });
  expect(result.stderr).toMatch(/^skillcrate: [ -~]+\n?$/);
  expect(result.stderr).toContain(reason);
  expect(result.exitCode).toBe(65);
  expect(result.left).toEqual([]);
  expect(existsSync("/tmp/skillcrate-test-out")).toBe(false);
});
