import { type Finding, resolved, unresolved } from "./answer.ts";
import { evidenceOf, provideEntry } from "./provide-entry.ts";
import type { InstallEntry } from "./read-install.ts";
import type { ResolveContext } from "./resolve-context.ts";

/**
 * What the user's own entries for a command provide. Where none of them can be carried out nothing weaker answers: the
 * user has said what is meant.
 */
export function resolveFromOverlay(
  bin: string,
  entries: readonly InstallEntry[],
  context: ResolveContext,
): Finding {
  const failures: string[] = [];
  for (const entry of entries) {
    const attempt = provideEntry(bin, entry, context);
    if ("failure" in attempt) {
      failures.push(attempt.failure);
      continue;
    }
    const evidence = evidenceOf("overlay", bin, entry);
    return { answer: resolved(attempt, evidence, `the overlay says so in ${entry.key}`) };
  }
  if (failures.length === 0) return { tried: [] };
  const reason = `the overlay's own entry cannot be carried out: ${[...new Set(failures)].join("; ")}`;
  return {
    answer: unresolved(reason, `Correct ${entries.map(({ key }) => key).join(" or ")} in the overlay`),
  };
}
