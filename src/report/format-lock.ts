import { escapeText } from "../diagnostic/quote-value.ts";
import type { EpochDifference } from "../plan/compare-epochs.ts";
import type { InventoryDifference } from "../plan/compare-inventories.ts";
import type { InputDifference } from "../plan/lock-inputs.ts";
import { formatBytes } from "./format-bytes.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** What writing a lock has changed. */
export function formatLockChange(
  {
    file,
    changed,
    differences,
  }: { file: string; changed: boolean; differences: readonly InventoryDifference[] },
  style: Style,
): string {
  const said = `${escapeText(file)} ${changed ? "written" : "is as it was"}`;
  return [formatDifferences(differences, style), said].filter((part) => part !== "").join("\n\n");
}

/** A row for each package that is another one; empty where none is. */
export function formatDifferences(differences: readonly InventoryDifference[], style: Style): string {
  if (differences.length === 0) return "";
  return formatTable(
    [
      { title: "image" },
      { title: "from" },
      { title: "package", flexible: true },
      { title: "was", flexible: true },
      { title: "is", flexible: true },
      { title: "bytes", align: "right" },
    ],
    differences.map(({ image, group, name, change, from, to, bytes }) => [
      escapeText(image),
      group,
      escapeText(name),
      change === "added" ? "-" : formatVersions(from),
      change === "removed" ? "-" : `${formatVersions(to)}${change === "content" ? ", another file" : ""}`,
      bytes === null ? "" : formatDelta(bytes),
    ]),
    style,
  );
}

function formatVersions(versions: readonly string[]): string {
  return versions.length === 0 ? "any" : escapeText(versions.join(" "));
}

/** `+1.2 MB`, `-340 kB` */
function formatDelta(bytes: number): string {
  return `${bytes < 0 ? "-" : "+"}${formatBytes(Math.abs(bytes))}`;
}

/** A row for each input that is not what the lock was made for. */
export function formatInputDifferences(differences: readonly InputDifference[], style: Style): string {
  return formatTable(
    [
      { title: "image" },
      { title: "input" },
      { title: "locked", flexible: true },
      { title: "now", flexible: true },
    ],
    differences.map(({ image, input, locked, now }) => [
      escapeText(image),
      escapeText(input),
      escapeText(locked ?? "-"),
      escapeText(now ?? "-"),
    ]),
    style,
  );
}

/** What people call the states that a lock names. */
export const epochNames: Readonly<Record<EpochDifference["what"], string>> = {
  aptEpoch: "state of the apt index",
  catalog: "catalog",
  debianIndex: "index of Debian",
};

/** A row for each state that is another one; empty where none is. */
export function formatEpochs(differences: readonly EpochDifference[], style: Style): string {
  if (differences.length === 0) return "";
  return formatTable(
    [{ title: "image" }, { title: "made with another" }, { title: "was" }, { title: "is" }],
    differences.map(({ image, what, from, to }) => [
      escapeText(image),
      epochNames[what],
      escapeText(from),
      escapeText(to),
    ]),
    style,
  );
}
