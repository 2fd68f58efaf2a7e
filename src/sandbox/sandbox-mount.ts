/** How much of the agent's own workspace a sandbox sees. */
export type WorkspaceAccess = "none" | "ro" | "rw";

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

/** Paths inside. */
export const insidePaths = {
  workspace: "/workspace",
  agent: "/agent",
  home: "/workspace/home",
  /** Skills where the workspace is the sandbox's own (`none`, `ro`). */
  skills: "/workspace/skills",
  /** Skills of the other sources where the workspace is the agent's (`rw`). */
  reservedSkills: "/skills",
} as const;
