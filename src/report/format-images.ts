import { escapeText } from "../diagnostic/quote-value.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatSeconds } from "./format-seconds.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** One image after a build, as `build` and `setup` give it. */
export interface ImageRow {
  readonly name: string;
  readonly tag: string;
  /** `built` now · `current`: its plan's hash is already there · `failed` · `skipped`: what it stands on failed. */
  readonly action: "built" | "current" | "failed" | "skipped";
  readonly hash: string;
  /** `sha256:…`; null where there is none. */
  readonly id: string | null;
  readonly sizeBytes: number | null;
  readonly layers: number | null;
  /** How many binaries the image promises, all of which have run in it. */
  readonly binaries: number;
  readonly seconds: number;
}

/** The table of images at the end of a build. */
export function formatImages(images: readonly ImageRow[], style: Style): string {
  const paints = { built: style.green, current: style.green, failed: style.red, skipped: style.yellow };
  return formatTable(
    [
      { title: "image" },
      { title: "tag", flexible: true },
      { title: "size", align: "right" },
      { title: "layers", align: "right" },
      { title: "binaries", align: "right" },
      { title: "time", align: "right" },
      { title: "" },
    ],
    images.map((image) => [
      escapeText(image.name),
      { text: escapeText(image.tag), paint: style.bold },
      image.sizeBytes === null ? "-" : formatBytes(image.sizeBytes),
      image.layers === null ? "-" : String(image.layers),
      String(image.binaries),
      image.action === "built" ? formatSeconds(image.seconds) : "-",
      { text: image.action === "current" ? "up to date" : image.action, paint: paints[image.action] },
    ]),
    style,
  );
}
