import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { SandboxMount } from "../sandbox-mount.ts";

/** Logins of the host that a sandbox can be given, each by its name and never otherwise. */
export const importNames = ["gh", "git", "ssh-agent"] as const;
export type ImportName = (typeof importNames)[number];

/** The host user whose logins are meant. */
export interface ImportSource {
  /** Absolute. */
  readonly homeDir: string;
  /** `SSH_AUTH_SOCK`; null: no agent. */
  readonly sshAuthSock: string | null;
}

/** What is there inside of one login of the host: plain JSON, for `explain`. */
export interface HomeImport {
  readonly name: ImportName;
  readonly items: readonly ImportedItem[];
  /** Settings that stay on the host, by name: `core.editor`. */
  readonly leftOut: readonly string[];
}

export interface ImportedItem {
  /** For people. */
  readonly what: string;
  /** On the host. */
  readonly from: string;
  /** Inside. */
  readonly to: string;
  /** `copy`: made anew by each prepareHome. `socket`: the host's own, mounted. Neither can be written inside. */
  readonly how: "copy" | "socket";
}

/** What one import adds to a home. */
export interface PreparedImport {
  readonly import: HomeImport;
  readonly mounts: readonly SandboxMount[];
  readonly environment: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Where imports are inside: beside the home, so that nothing a sandbox makes in it is in the way. */
export const importsPath = "/imports";
