import { compareText } from "../../diagnostic/compare-text.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { compareEpochs } from "../../plan/compare-epochs.ts";
import { compareInventories, type InventoryDifference } from "../../plan/compare-inventories.ts";
import type { InventoryItem } from "../../plan/inventory.ts";
import { formatDifferences, formatEpochs } from "../../report/format-lock.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { diffOptions } from "../command-options.ts";
import { type DiffSide, readDiffSide } from "../read-diff-side.ts";

/** Compares two locks, plans or images, package by package. */
export async function diff(context: CommandContext<typeof diffOptions>): Promise<CommandOutput> {
  const [left, right] = context.args;
  if (left === undefined || right === undefined || context.args.length > 2) {
    throw new SkillcrateError("USAGE", "diff compares two locks, plans or images.", {
      hint: "skillcrate diff A B",
    });
  }
  const [a, b] = await Promise.all([readDiffSide(left, context), readDiffSide(right, context)]);
  const differences = pairsOf(a, b, context.options.image).flatMap(({ name, before, after }) =>
    compareInventories(name, before, after).filter((difference) => isTold(difference, a, b)),
  );
  // Another state of an index is no difference by itself: it is why there may be some.
  const epochs = [...a.epochs].flatMap(([name, before]) =>
    compareEpochs(name, before, b.epochs.get(name) ?? {}),
  );
  return {
    outcome: differences.length === 0 ? "ok" : "difference",
    diagnostics: [],
    result: { differences, epochs },
    text: (style) =>
      [
        differences.length === 0 ? "no difference" : formatDifferences(differences, style),
        formatEpochs(epochs, style),
      ]
        .filter((part) => part !== "")
        .join("\n\n"),
  };
}

interface Pair {
  readonly name: string;
  readonly before: readonly InventoryItem[];
  readonly after: readonly InventoryItem[];
}

/** Images of one name belong together; where both sides have one image, those do. */
function pairsOf(a: DiffSide, b: DiffSide, image: string | null): Pair[] {
  const [left, right] = [chosen(a, image), chosen(b, image)];
  const [first, second] = [[...left], [...right]];
  if (first.length === 1 && second.length === 1) {
    const [[name, before] = ["", []], [, after] = ["", []]] = [first[0], second[0]];
    return [{ name, before, after }];
  }
  const names = [...new Set([...left.keys(), ...right.keys()])].sort(compareText);
  return names.map((name) => ({ name, before: left.get(name) ?? [], after: right.get(name) ?? [] }));
}

function chosen({ kind, inventories }: DiffSide, image: string | null): DiffSide["inventories"] {
  if (image === null || kind === "image") return inventories;
  const inventory = inventories.get(image);
  if (inventory !== undefined) return new Map([[image, inventory]]);
  throw new SkillcrateError("INPUT_INVALID", `The ${kind} has no image ${quoteValue(image)}.`, {
    hint: `It has: ${[...inventories.keys()].join(" ")}`,
  });
}

/**
 * An image tells of its Debian packages alone, those of its base included, of which a plan and a lock say nothing: next
 * to one of these only packages that both name are compared.
 */
function isTold({ group, change }: InventoryDifference, a: DiffSide, b: DiffSide): boolean {
  if (a.kind === b.kind || (a.kind !== "image" && b.kind !== "image")) return true;
  if (group !== "debian") return false;
  // What an image has besides comes from below; what it lacks is a difference.
  return change !== (a.kind === "image" ? "removed" : "added");
}
