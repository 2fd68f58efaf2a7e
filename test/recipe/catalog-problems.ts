import type { CatalogRow } from "../../src/recipe/catalog/catalog-row.ts";
import { nodeRuntime } from "../../src/recipe/node-runtime.ts";
import { npmPins } from "../../src/recipe/npm-pins.ts";
import { pythonPins } from "../../src/recipe/python-pins.ts";
import type { DebianIndex } from "../../src/recipe/resolve-context.ts";
import { settledNames } from "./settled-names.ts";

/**
 * The commands of a row that do not come from where it says. Where exactly one source is known for a command (Debian's
 * file lists, the pins of npm and Python), that is the one; else it must be among the names settled by hand.
 */
export function problemsOf(row: CatalogRow, debian: DebianIndex): string[] {
  return row.bins
    .filter((bin) =>
      isSettled(bin) ? !settledNames.has(`${bin} from ${sourceOf(row)}`) : !isConfirmed(row, bin, debian),
    )
    .map((bin) => `${bin} from ${sourceOf(row)}`);
}

const settledBins = new Set([...settledNames].map((name) => name.slice(0, name.indexOf(" "))));

function isSettled(bin: string): boolean {
  return settledBins.has(bin);
}

function isConfirmed(row: CatalogRow, bin: string, debian: DebianIndex): boolean {
  const { answer } = row;
  if (answer.kind === "node") return nodeRuntime.bins.includes(bin);
  const own = new Set([sourceOf(row)]);
  if (answer.kind === "apt") for (const name of answer.with ?? []) own.add(`apt ${name}`);
  const link = answer.kind === "apt" ? answer.links?.[bin] : undefined;
  const linked = link === undefined ? [] : debian.filesNamed(link.slice(link.lastIndexOf("/") + 1));
  const files = [...debian.filesNamed(bin), ...linked];
  const sources = [...files.map((file) => `apt ${file.package}`), ...pinnedSources(bin)];
  const isThere =
    answer.kind !== "apt" || files.some(({ path }) => (link === undefined ? isOnPath(path) : path === link));
  return sources.length > 0 && sources.every((source) => own.has(source)) && isThere;
}

function pinnedSources(bin: string): string[] {
  const pinned = [
    ["npm", npmPins],
    ["python", pythonPins],
  ] as const;
  return pinned.flatMap(([kind, pins]) =>
    [...pins].filter(([, pin]) => pin.bins.includes(bin)).map(([name]) => `${kind} ${name}`),
  );
}

function isOnPath(path: string): boolean {
  return /^(?:\/usr)?\/bin\//.test(path);
}

/** `kind package`; a download by its project, since each version has an address of its own. */
export function sourceOf({ answer }: CatalogRow): string {
  switch (answer.kind) {
    case "none":
    case "node":
      return answer.kind;
    case "download": {
      const [address = ""] = Object.values(answer.recipes).map((recipe) => recipe.package);
      return `download ${/^https:\/\/(?:github\.com\/[^/]+\/[^/]+|[^/]+)\//.exec(address)?.[0]}`;
    }
    default:
      return `${answer.kind} ${answer.package}`;
  }
}
