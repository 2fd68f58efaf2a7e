import fc from "fast-check";
import { expect, test } from "vitest";
import { isMediaName, mediaName } from "../../../src/sandbox/workspace/media-name.ts";

const hex = "0123456789ab";
const named = (originalName: string | null, mediaType: string | null = null) =>
  mediaName({ originalName, mediaType }, hex);

test.each([
  ["IMG_0001.JPG", "img-0001-H.jpg"],
  ["Crème brûlée (1).webp", "creme-brulee-1-H.webp"],
  ["../../etc/passwd", "passwd-H"],
  ["C:\\Users\\me\\a.png", "a-H.png"],
  [".bashrc", "media-H.bashrc"],
  ["-rf", "rf-H"],
  ["a.tar.gz", "a-tar-H.gz"],
  ["x.ph p", "x-H"],
  ["x.", "x-H"],
  ["技能.pdf", "media-H.pdf"],
  ["", "media-H"],
  ["a\0b\n.png", "a-b-H.png"],
  ["\u202egnp.exe", "gnp-H.exe"],
  [`${"long".repeat(100)}.txt`, `${"long".repeat(12)}-H.txt`],
  [`x.${"e".repeat(9)}`, "x-H"],
])("%j is called %s", (original, expected) => {
  expect(named(original)).toBe(expected.replace("H", hex));
});

test("the media type tells the extension where the name does not", () => {
  expect(named("voice", "audio/ogg; codecs=opus")).toBe(`voice-${hex}.ogg`);
  expect(named(null, "IMAGE/PNG")).toBe(`media-${hex}.png`);
  expect(named("a.jpg", "image/png")).toBe(`a-${hex}.jpg`);
  expect(named(null, "../../x")).toBe(`media-${hex}`);
});

test("whatever somebody sends, the name is one of ours, short and plain", () => {
  const units = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString("utf16le"));
  const text = fc.oneof(units, fc.string());
  fc.assert(
    fc.property(text, fc.option(text), (original, type) => {
      const name = named(original, type);
      expect(isMediaName(name)).toBe(true);
      expect(name.length).toBeLessThanOrEqual(72);
    }),
  );
});

test.each(["notes.txt", "a.png", `-${hex}.png`, `.a-${hex}`, `a-${hex}.png.exe`, `a-${hex}/x`, `A-${hex}`])(
  "%s is none of ours",
  (name) => expect(isMediaName(name)).toBe(false),
);
