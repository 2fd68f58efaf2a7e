import { isMadeUnsandboxed, unsandboxedVariable } from "../browser/plan-browser.ts";
import type { AuditFinding } from "./audit-finding.ts";

/** What of a browser is open besides what is of every container. `inspected`: as for `auditContainer`. */
export function auditBrowser(name: string, inspected: unknown): readonly AuditFinding[] {
  if (!isMadeUnsandboxed(inspected)) return [];
  return [
    {
      check: "BROWSER_UNSANDBOXED",
      severity: "high",
      subject: name,
      message: `${name}: where it cannot have its own sandbox Chromium runs without, and a page that breaks out of it has the container.`,
      fix: `Allow user namespaces on the engine's host, take ${unsandboxedVariable} away, and recreate it.`,
    },
  ];
}
