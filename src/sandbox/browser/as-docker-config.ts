import type { SandboxConfig } from "../../config/sandbox-config.ts";

/** A browser's image and mounts in the place of the sandbox's, for whoever knows those only. */
export function asDockerConfig({ docker, browser, ...config }: SandboxConfig): SandboxConfig {
  const { image, binds } = browser;
  return { ...config, browser, docker: { ...docker, image, binds: binds ?? docker.binds } };
}
