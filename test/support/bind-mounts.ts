import type { SandboxMount } from "../../src/sandbox/sandbox-mount.ts";

/** Mounts as the Docker Engine's API takes them. */
export function bindMounts(mounts: readonly SandboxMount[]) {
  return mounts.map(({ source, target, readOnly }) => ({
    Type: "bind" as const,
    Source: source,
    Target: target,
    ReadOnly: readOnly,
  }));
}
