import { matchesPattern } from "./matches-pattern.ts";

/** Those whose name some pattern takes; a pattern that begins with `!` takes away what those before it took. */
export function selectByPatterns<Named extends { readonly name: string }>(
  skills: readonly Named[],
  patterns: readonly string[],
): { readonly selected: readonly Named[]; readonly unused: readonly string[] } {
  const used = new Set<string>();
  const selected = skills.filter(({ name }) => {
    let taken = false;
    for (const pattern of patterns) {
      const takesAway = pattern.startsWith("!");
      if (!matchesPattern(name, takesAway ? pattern.slice(1) : pattern)) continue;
      used.add(pattern);
      taken = !takesAway;
    }
    return taken;
  });
  return { selected, unused: patterns.filter((pattern) => !used.has(pattern)) };
}
