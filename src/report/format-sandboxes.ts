import { escapeText } from "../diagnostic/quote-value.ts";
import type { SandboxSummary } from "../sandbox/life/list-sandboxes.ts";
import { formatTable } from "./format-table.ts";
import type { Style } from "./style.ts";

/** A row for each sandbox; `what` says what became of it, by default whether it is in use. */
export function formatSandboxes<Sandbox extends SandboxSummary>(
  sandboxes: readonly Sandbox[],
  style: Style,
  what: (sandbox: Sandbox) => string = stateOfUse,
): string {
  const columns = [
    { title: "sandbox", flexible: true },
    { title: "state" },
    { title: "scope" },
    { title: "key", flexible: true },
    { title: "image", flexible: true },
    { title: "last used" },
    { title: "" },
  ] as const;
  const rows = sandboxes.map((sandbox) => [
    escapeText(sandbox.name),
    sandbox.state,
    sandbox.role === "browser" ? `${sandbox.scope.kind}, browser` : sandbox.scope.kind,
    escapeText(sandbox.scope.key),
    escapeText(sandbox.image),
    new Date(sandbox.lastUsedMs).toISOString().slice(0, 16).replace("T", " "),
    what(sandbox),
  ]);
  return formatTable(columns, rows, style);
}

function stateOfUse({ inUse, halfMade, pool }: SandboxSummary): string {
  if (pool === "waiting") return "waits for a session";
  if (pool === "lost") return "nobody's: gc removes it";
  if (halfMade) return "being made, or left so";
  return inUse ? "in use" : "";
}
