import { compareText } from "../diagnostic/compare-text.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { watchLimits } from "./watch-folder.ts";
import { rootPath, type SkillRoot } from "./watched-place.ts";
import type { WatchedRoot } from "./watched-root.ts";

export type SkillWatchEvent =
  | {
      readonly kind: "changed";
      /** Those in which something changed, as they were given. */
      readonly roots: readonly SkillRoot[];
      /** Folders of skills that came, went or changed: absolute, links on the way to the root resolved; sorted. */
      readonly skills: readonly string[];
    }
  /** The system does not listen to these roots (now): they are looked at from time to time instead. */
  | { readonly kind: "polling"; readonly roots: readonly SkillRoot[]; readonly diagnostic: Diagnostic }
  /** The system listens to these roots again. */
  | { readonly kind: "listening"; readonly roots: readonly SkillRoot[] }
  /** The roots have more folders than may be watched: changes in the rest are not seen. */
  | { readonly kind: "incomplete"; readonly diagnostic: Diagnostic };

/** What changed since it was told the last time; forgets it. Null where nothing did. */
export function takeChanges(roots: Iterable<WatchedRoot>): SkillWatchEvent | null {
  const changed = [...roots].filter(({ changes }) => changes.count > 0);
  const skills = new Set(changed.flatMap(({ changes }) => [...changes.skills]));
  for (const watched of changed) forgetChanges(watched);
  if (changed.length === 0) return null;
  return { kind: "changed", roots: changed.map(({ root }) => root), skills: [...skills].sort(compareText) };
}

export function forgetChanges({ changes }: WatchedRoot): void {
  changes.count = 0;
  changes.skills.clear();
}

export function pollingEvent(
  errno: string,
  roots: readonly SkillRoot[],
  pollIntervalMs: number,
): SkillWatchEvent {
  const [first] = roots;
  const places = `${quoteValue(first === undefined ? "" : rootPath(first))}${roots.length > 1 ? ` and ${roots.length - 1} more places` : ""}`;
  return {
    kind: "polling",
    roots,
    diagnostic: {
      code: "WATCH_LIMIT",
      severity: "warning",
      message: `The system does not watch (all of) the skills in ${places} (${errno}); they are looked at every ${pollIntervalMs} ms instead.`,
      hint: watchLimits.get(errno) ?? "Correct what the error says about that folder's disk.",
    },
  };
}

export function incompleteEvent(maxFolders: number): SkillWatchEvent {
  return {
    kind: "incomplete",
    diagnostic: {
      code: "WATCH_FOLDER_LIMIT",
      severity: "warning",
      message: `More than ${maxFolders} folders are to be watched; changes in the rest are not seen.`,
      hint: "Name the folders that hold skills, not one far above them.",
    },
  };
}
