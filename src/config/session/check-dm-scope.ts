import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { ConfigDocument } from "../config-document.ts";
import { nearestName } from "../nearest-name.ts";
import { problemAt } from "../problem.ts";
import { dmScopes } from "./dm-scope.ts";

const path = ["session", "dmScope"];

/** Says where `session.dmScope` is none: then all direct messages are one session, which nobody who wrote it wanted. */
export function checkDmScope(document: ConfigDocument): readonly Diagnostic[] {
  const written = document.valueAt(path);
  if (written === undefined || dmScopes.some((known) => known === written)) return [];
  const nearest = typeof written === "string" ? nearestName(written, dmScopes) : null;
  return [
    problemAt(path, document.placeOf(path), {
      code: "CONFIG_VALUE_INVALID",
      severity: "warning",
      what: `is ${quoteValue(typeof written === "string" ? written : JSON.stringify(written))}, which is no scope: all direct messages to an agent are one session, with one home`,
      hint:
        nearest === null ? `Write one of ${dmScopes.join(", ")}.` : `Did you mean ${quoteValue(nearest)}?`,
    }),
  ];
}
