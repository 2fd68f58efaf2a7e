import { expect, test } from "vitest";
import { isImageReference } from "../../src/plan/image-reference.ts";

test.each([
  "debian",
  "debian:bookworm-slim",
  "openclaw-sandbox-skills:mine",
  "registry.example:5000/team/openclaw-sandbox:bookworm-slim",
  `debian:bookworm-slim@sha256:${"0".repeat(64)}`,
  "a__b/c--d.e_f:A_b.c-1",
])("%s is one", (text) => {
  expect(isImageReference(text)).toBe(true);
});

test.each([
  "",
  "-v",
  "Debian",
  "debian:",
  "debian:-x",
  "debian latest",
  "debian\nRUN id",
  "debian:x AS y",
  "a//b",
  "../x",
  "a..b",
  "$HOME",
  "debian@sha256:abc",
  `debian@md5:${"0".repeat(64)}`,
  "x".repeat(256),
])("%j is none", (text) => {
  expect(isImageReference(text)).toBe(false);
});
