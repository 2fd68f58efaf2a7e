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
