import { quoteValue } from "../diagnostic/quote-value.ts";
import { declareDarwin } from "./catalog/catalog-row.ts";
import type { Provision } from "./ecosystem.ts";
import type { CatalogMatch } from "./match-catalog.ts";
import type { InstallEntry } from "./read-install.ts";
import type { ResolveContext } from "./resolve-context.ts";

// Homebrew's own rule for names of formulas, and the `@` of versioned ones.
const formulaPattern = /^[a-z0-9][a-z0-9+._-]*(?:@[0-9][0-9.]*)?$/;

/**
 * A formula of Homebrew's own, where the user allows Homebrew. Formulas of other taps are programs of whoever owns the
 * tap, and casks are for macOS.
 */
export function provideFormula(bin: string, { key, spec }: InstallEntry, context: ResolveContext): Provision {
  if (context.homebrew !== true) {
    return {
      failure: `${key}: Homebrew is no part of a sandbox image, unless it is allowed (--allow homebrew)`,
    };
  }
  const disabled = context.disabledKinds?.get("brew");
  if (disabled !== undefined) return { failure: disabled };
  const name = spec.formula ?? spec.packages[0];
  if (name === undefined) return { failure: `${key}: casks are programs for macOS` };
  const own = name.replace(/^homebrew\/core\//, "");
  if (own.includes("/") || (spec.tap !== undefined && spec.tap !== "homebrew/core")) {
    return { failure: `${key}: only Homebrew's own formulas are built, and none of another tap` };
  }
  if (!formulaPattern.test(own) || own.length > 100) {
    return { failure: `${key}: ${quoteValue(own)} is not a formula's name` };
  }
  return {
    recipe: { kind: "brew", package: own, bins: [bin] },
    unpinned: "Homebrew gives whatever version of a formula it has",
  };
}

/** Whether the catalog's row leaves a formula to Homebrew: it has no answer, and not because the program is for macOS. */
export function leavesToHomebrew({ row: { answer } }: CatalogMatch, { homebrew }: ResolveContext): boolean {
  return homebrew === true && answer.kind === "none" && answer.hint !== declareDarwin;
}
