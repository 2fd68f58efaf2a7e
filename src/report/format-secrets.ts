import { escapeText } from "../diagnostic/quote-value.ts";
import type { SecretLine } from "../sandbox/secrets/plan-secrets.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

export interface SecretRow extends Omit<SecretLine, "remedy"> {
  /** The command that would change it; null: none would. */
  readonly remedy: string | null;
}

/** A row for each name; below it, where it does not arrive, the command that would change that. */
export function formatSecrets(rows: readonly SecretRow[], style: Style): string {
  if (rows.length === 0) return "There are no secrets, and no skill declares one.";
  const paints = { provided: style.green, missing: style.yellow, refused: style.red };
  const table = formatTable(
    [
      { title: "name" },
      { title: "status" },
      { title: "from", flexible: true },
      { title: "skills", flexible: true },
      { title: "why", flexible: true },
    ],
    rows.map(({ name, status, from, skills, reason }) => [
      { text: escapeText(name), paint: style.bold },
      { text: status, paint: paints[status] },
      escapeText(from ?? "–"),
      escapeText(skills.join(", ") || "–"),
      status === "provided" ? "" : reason,
    ]),
    style,
  );
  const remedies = [...new Set(rows.flatMap(({ remedy }) => (remedy === null ? [] : [remedy])))];
  if (remedies.length === 0) return table;
  return [table, "", style.dim("What would change it:"), ...remedies.map((remedy) => `  ${remedy}`)].join(
    "\n",
  );
}
