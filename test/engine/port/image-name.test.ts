import { describe, expect, test } from "vitest";
import {
  formatImageName,
  isImageId,
  parseImageName,
  requireImageName,
} from "../../../src/engine/port/image-name.ts";

const digest = `sha256:${"a1".repeat(32)}`;

describe("parseImageName", () => {
  test.each([
    ["debian", null, "debian", null, null],
    ["debian:bookworm-slim", null, "debian", "bookworm-slim", null],
    ["team/sandbox", null, "team/sandbox", null, null],
    ["localhost/sandbox:1", "localhost", "sandbox", "1", null],
    ["localhost:5000/a/b", "localhost:5000", "a/b", null, null],
    ["registry.corp/a:v1", "registry.corp", "a", "v1", null],
    ["registry.corp:5000/a/b-c__d.e:V_1.2-x", "registry.corp:5000", "a/b-c__d.e", "V_1.2-x", null],
    ["127.0.0.1:5000/a", "127.0.0.1:5000", "a", null, null],
    ["[::1]:5000/a:1", "[::1]:5000", "a", "1", null],
    [`debian@${digest}`, null, "debian", null, digest],
    [`registry.corp:5000/a:1@${digest}`, "registry.corp:5000", "a", "1", digest],
  ])("%s", (text, registry, repository, tag, wantedDigest) => {
    const name = parseImageName(text);
    expect(name).toEqual({ registry, repository, tag, digest: wantedDigest });
    if (name !== null) expect(formatImageName(name)).toBe(text);
  });

  test.each([
    "",
    "-v",
    "A/b:Upper",
    "Debian",
    "a b",
    "a\nb",
    "a//b",
    "/a",
    "a/",
    "a:",
    "a:-x",
    "a@sha256:12",
    "a@md5:d41d8cd98f00b204e9800998ecf8427e",
    "../a",
    "a/../b",
    "a?x=1",
    "a#b",
    "a%2fb",
    "registry.corp:99999999/a",
    `a:${"t".repeat(129)}`,
    "x".repeat(256),
    digest,
    "a1".repeat(32),
  ])("refuses %j", (text) => {
    expect(parseImageName(text)).toBeNull();
    expect(() => requireImageName(text)).toThrow(expect.objectContaining({ code: "INPUT_INVALID" }));
  });
});

test("isImageId tells ids from names", () => {
  expect(isImageId(digest)).toBe(true);
  expect(isImageId("a1".repeat(32))).toBe(true);
  expect(isImageId("sha256:0123456789ab")).toBe(true);
  expect(isImageId("sha256:xyz")).toBe(false);
  expect(isImageId("debian")).toBe(false);
});
