import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { SandboxMount } from "../../../src/sandbox/sandbox-mount.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** A scope's folders as a sandbox in mode `none` has them mounted, and a secret beside them. */
export interface SandboxWorld {
  readonly root: string;
  readonly workspaceDir: string;
  readonly homeDir: string;
  readonly recordsDir: string;
  readonly agentDir: string;
  /** A file outside of everything mounted; it holds `canary`. */
  readonly secretFile: string;
  readonly mounts: readonly SandboxMount[];
}

export const canary = "the-secret-of-the-host";

export function sandboxWorld(root: string = tempFolder()): SandboxWorld {
  const workspaceDir = join(root, "scope", "workspace");
  const homeDir = join(root, "scope", "home");
  const agentDir = join(root, "agent");
  for (const dir of [workspaceDir, join(workspaceDir, "skills"), homeDir, agentDir]) {
    mkdirSync(dir, { recursive: true });
  }
  mkdirSync(join(root, "outside"));
  const secretFile = join(root, "outside", "secret.txt");
  writeFileSync(secretFile, canary);
  return {
    root,
    workspaceDir,
    homeDir,
    recordsDir: join(root, "scope", "records"),
    agentDir,
    secretFile,
    mounts: [
      { source: workspaceDir, target: "/workspace", readOnly: false, purpose: "workspace" },
      {
        source: join(workspaceDir, "skills"),
        target: "/workspace/skills",
        readOnly: true,
        purpose: "skills",
      },
      { source: homeDir, target: "/workspace/home", readOnly: false, purpose: "home" },
      { source: join(root, "scope", "accounts"), target: "/etc", readOnly: true, purpose: "accounts" },
    ],
  };
}

/** Writes files by their paths, folders made on the way. */
export function writeTree(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

/** How many descriptors this process has open; 0 where the system does not tell. */
export function countDescriptors(): number {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
}
