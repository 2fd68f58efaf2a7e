import type { Owner } from "../../host/write-in-folder.ts";
import type { SandboxTmpfs } from "../sandbox-mount.ts";
import { hideValues } from "./hide-values.ts";
import type { SecretsPlan } from "./plan-secrets.ts";

export interface SecretFilesPlan {
  /** To be mounted when the container is created: memory, for the sandbox's user alone. */
  readonly tmpfs: SandboxTmpfs;
  /** Sorted by path. */
  readonly files: readonly SecretFileEntry[];
  /** By name. Does not show itself when it is printed. */
  readonly values: ReadonlyMap<string, string>;
}

export interface SecretFileEntry {
  readonly name: string;
  /** Absolute, inside: `/run/secrets/NAME`. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Where secrets are as files, inside. */
export const secretFilesDir = "/run/secrets";

/**
 * Secrets as files in a tmpfs of their own, for those who want none in an environment: readable by the sandbox's user
 * (0400), gone with the container, in no image and on no disk. {@link writeSecretFiles} puts them there.
 */
export function planSecretFiles(secrets: SecretsPlan, user: Owner): SecretFilesPlan {
  const names = secrets.lines.filter(({ status }) => status === "provided").map(({ name }) => name);
  return {
    tmpfs: { target: secretFilesDir, sizeBytes: tmpfsBytes, mode: 0o700, ...user },
    files: names.map((name) => ({ name, path: `${secretFilesDir}/${name}`, mode: 0o400, ...user })),
    values: hideValues(secrets.values),
  };
}

/** A whole `.env` file of the largest size, each value in pages of its own, old and new side by side. */
const tmpfsBytes = 8 << 20;
