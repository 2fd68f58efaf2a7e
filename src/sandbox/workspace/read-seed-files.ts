import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { insidePaths, type SandboxMount } from "../sandbox-mount.ts";
import { readFromWorkspace } from "./read-from-workspace.ts";
import { requireAbsolute } from "./require-absolute.ts";

export interface SeedSource {
  readonly agentDir: string;
  readonly maxBytesPerFile?: number;
  readonly links?: "refuse" | "inside";
  readonly signal?: AbortSignal;
}

export interface SeedFile {
  readonly path: string;
  readonly bytes: Buffer;
}

export interface SeedFiles {
  readonly files: readonly SeedFile[];
  readonly missing: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads files of the agent's workspace, in which a sandbox may have written: as results are read out of one. */
export async function readSeedFiles(paths: readonly string[], source: SeedSource): Promise<SeedFiles> {
  requireAbsolute(source.agentDir);
  const files: SeedFile[] = [];
  const missing: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const path of paths) {
    try {
      const { bytes } = await readFromWorkspace(readRequest(path, source));
      files.push({ path, bytes });
    } catch (error) {
      if (!(error instanceof SkillcrateError) || !ofOneFile.has(error.code)) throw error;
      if (error.code === "WORKSPACE_NOT_FOUND") missing.push(path);
      else diagnostics.push(seedRefusal(path, error));
    }
  }
  return { files, missing, diagnostics };
}

/** What is wrong with one file and hinders no other. */
const ofOneFile: ReadonlySet<string> = new Set([
  "WORKSPACE_LINK",
  "WORKSPACE_NOT_FOUND",
  "WORKSPACE_PATH_OUTSIDE",
  "WORKSPACE_TOO_LARGE",
  "WORKSPACE_UNREADABLE",
  "WORKSPACE_WRONG_TYPE",
]);

const defaultMaxBytes = 2 * 1024 * 1024;

function readRequest(path: string, { agentDir, maxBytesPerFile, links, signal }: SeedSource) {
  const mount: SandboxMount = {
    source: agentDir,
    target: insidePaths.agent,
    readOnly: true,
    purpose: "agent",
  };
  return {
    mounts: [mount],
    path: `${insidePaths.agent}/${path}`,
    links: links ?? "refuse",
    maxBytes: maxBytesPerFile ?? defaultMaxBytes,
    ...(signal === undefined ? {} : { signal }),
  };
}

export function seedRefusal(path: string, { message, hint }: SkillcrateError): Diagnostic {
  return {
    code: "WORKSPACE_SEED_REFUSED",
    severity: "warning",
    message: `${quoteValue(path)} was not seeded. ${message}`,
    hint,
  };
}
