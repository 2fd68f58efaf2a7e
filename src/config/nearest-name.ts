import { compareText } from "../diagnostic/compare-text.ts";
import { editDistance } from "../diagnostic/edit-distance.ts";

/** The one of a few known names that was likely meant: at most a third of its letters off, whatever their case. Null: none. */
export function nearestName(written: string, known: readonly string[]): string | null {
  if (written.length > 60) return null;
  const [nearest] = known
    .map((name) => ({ name, distance: editDistance(plain(written), plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((left, right) => left.distance - right.distance || compareText(left.name, right.name));
  return nearest?.name ?? null;
}

/** Letters alone: `read_only_root` and `ReadOnlyRoot` are the same slip. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, "");
}
