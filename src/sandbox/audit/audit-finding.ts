/** How much of a host, or of other people's data, an opening gives to whoever runs in a sandbox. */
export const auditSeverities = ["critical", "high", "medium", "low"] as const;
export type AuditSeverity = (typeof auditSeverities)[number];

/** Something that is open. */
export interface AuditFinding {
  /** Of the check: `CIS-5.10`, or the name of a rule of ours, such as `ROOT_BIND`. */
  readonly check: string;
  readonly severity: AuditSeverity;
  /** One line; foreign values in it are quoted. */
  readonly message: string;
  readonly fix: string;
  /** What it is about: a container's name, or the key of a setting with its file. */
  readonly subject: string;
}
