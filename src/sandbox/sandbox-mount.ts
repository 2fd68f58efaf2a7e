export { insidePaths } from "../config/inside-paths.ts";
export type { WorkspaceAccess } from "../config/sandbox-config.ts";

/** One bind mount, as an engine's API takes it (an object, never a `source:target` string). */
export interface SandboxMount {
  /** Absolute, on the host of the gateway. */
  readonly source: string;
  /** Absolute, inside. */
  readonly target: string;
  readonly readOnly: boolean;
  readonly purpose: "workspace" | "agent" | "skills" | "home" | "accounts" | "import" | "secrets";
}

/** One tmpfs. */
export interface SandboxTmpfs {
  readonly target: string;
  readonly sizeBytes: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}
