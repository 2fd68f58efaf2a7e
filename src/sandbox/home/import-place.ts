import { readRegularFile } from "../../host/read-regular-file.ts";
import type { SandboxMount } from "../sandbox-mount.ts";
import type { ImportName, ImportSource } from "./home-import.ts";

/** Where one import puts its copies: `imports/<name>` in the scope's folder, mounted read-only. */
export interface ImportPlace {
  readonly names: readonly ImportName[];
  readonly source: ImportSource;
  readonly sandboxUid: number;
  /** On the host. */
  readonly dir: string;
  /** Writes the copies and removes what else is there. */
  write(files: ReadonlyMap<string, string | Buffer>): void;
}

/** Larger than any of these files is. */
export const maxImportBytes = 4 * 1024 * 1024;

/** The text of a file of the host's user; links are followed, since people keep such files elsewhere. Null: none. */
export function readHostFile(path: string): string | null {
  const read = readRegularFile(path, maxImportBytes, { followLinks: true });
  return read.ok ? read.bytes.toString("utf8") : null;
}

export function importMount(source: string, target: string): SandboxMount {
  return { source, target, readOnly: true, purpose: "import" };
}
