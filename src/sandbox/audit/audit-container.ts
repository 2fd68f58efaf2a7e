import type { AuditFinding } from "./audit-finding.ts";
import { cisChecks } from "./cis-checks.ts";
import { type AuditedEngine, openInspected } from "./inspected-container.ts";

/** What of one container is open. `inspected`: the engine's answer to `GET /containers/ID/json`. */
export function auditContainer(
  name: string,
  inspected: unknown,
  engine: AuditedEngine,
): readonly AuditFinding[] {
  const container = openInspected(inspected);
  return cisChecks.flatMap(({ id, severity, fix, judge }) => {
    const open = judge(container, engine);
    return open === null ? [] : [{ check: id, severity, message: `${name}: ${open}.`, fix, subject: name }];
  });
}
