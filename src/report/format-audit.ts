import type { AuditFinding, AuditSeverity } from "../sandbox/audit/audit-finding.ts";
import { formatCount } from "./format-count.ts";
import type { Style } from "./style.ts";

/** Each opening with its fix, the worst first. `containers`: those that were looked at; null: the engine was not asked. */
export function formatAudit(
  findings: readonly AuditFinding[],
  containers: readonly string[] | null,
  style: Style,
): string {
  const paints: Readonly<Record<AuditSeverity, (text: string) => string>> = {
    critical: style.red,
    high: style.red,
    medium: style.yellow,
    low: style.dim,
  };
  const lines = findings.map(
    ({ severity, check, message, fix }) => `${paints[severity](severity)} ${check} ${message}\n  → ${fix}`,
  );
  const looked =
    containers === null
      ? "the configuration alone"
      : `the configuration and ${formatCount(containers.length, "container")}`;
  return [...lines, `${formatCount(findings.length, "opening")} in ${looked}`].join("\n");
}
