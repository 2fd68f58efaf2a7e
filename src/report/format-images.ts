import { escapeText } from "../diagnostic/quote-value.ts";
import type { ImageOutcome } from "../engine/build/build-outcome.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatSeconds } from "./format-seconds.ts";
import { formatTable, type TableCell } from "./format-table.ts";
import type { Style } from "./style.ts";

/** The table at the end of a build: a row for each image, its size with everything below it. */
export function formatImages(images: readonly ImageOutcome[], style: Style): string {
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
      escapeText(image.image),
      { text: escapeText(image.tag), paint: style.bold },
      ...amounts(image),
      status(image, style),
    ]),
    style,
  );
}

function amounts(image: ImageOutcome): string[] {
  const time = image.status === "current" ? "-" : formatSeconds(image.seconds);
  if (image.status !== "built" && image.status !== "current") return ["-", "-", "-", time];
  return [formatBytes(image.sizeBytes), String(image.layers), String(image.binaries.length), time];
}

function status({ status: text }: ImageOutcome, style: Style): TableCell {
  if (text === "current") return { text: "up to date", paint: style.green };
  return { text, paint: text === "built" ? style.green : style.red };
}
