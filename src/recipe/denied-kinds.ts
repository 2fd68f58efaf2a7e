import { type EcosystemName, ecosystemNames, type Overlay } from "./overlay.ts";
import type { RecipeKind } from "./recipe.ts";

/** What each ecosystem of the overlay covers. */
const kindsOf: Readonly<Record<EcosystemName, readonly RecipeKind[]>> = {
  apt: ["apt"],
  npm: ["npm", "node"],
  python: ["python"],
  go: ["go"],
  cargo: ["cargo"],
  download: ["download"],
  brew: ["brew"],
};

/** The recipes that the overlay's lists of ecosystems leave out → why. Homebrew is off without any list. */
export function deniedKinds({ ecosystems }: Pick<Overlay, "ecosystems">): ReadonlyMap<RecipeKind, string> {
  const { allow, deny } = ecosystems;
  const denied = new Map<RecipeKind, string>();
  for (const name of ecosystemNames) {
    const reason = deny.includes(name)
      ? `the overlay denies the ecosystem ${name}`
      : allow !== null && !allow.includes(name)
        ? `the overlay allows ${allow.length === 0 ? "no ecosystem" : allow.join(", ")}, and not ${name}`
        : null;
    if (reason !== null) for (const kind of kindsOf[name]) denied.set(kind, reason);
  }
  return denied;
}
