import { closeFolder } from "../../host/open-folder.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import type { Scope } from "../scope.ts";
import { type FoundScope, findScopes } from "./find-scope.ts";
import { forEachHomeFolder, openFoundScope } from "./home-folders.ts";
import { isHomeLeased } from "./is-home-leased.ts";
import { measureFolder } from "./measure-folder.ts";

export interface HomeSummary {
  /** The folder's name below the workspace root. */
  readonly slug: string;
  /** The scope's folder on the host. */
  readonly dir: string;
  /** Null: its record cannot be read, so the whole key is not known. */
  readonly scope: Scope | null;
  readonly agent: string | null;
  /** ISO 8601; null: not known. */
  readonly lastUsed: string | null;
  /** Keys of the sessions that have used it, latest first. */
  readonly sessions: readonly string[];
  /** Files, and the bytes that they take on the disk. */
  readonly files: number;
  readonly sizeBytes: number;
  /** Whether a living process holds something of the scope. */
  readonly inUse: boolean;
}

export interface ListHomesRequest {
  readonly workspaceRoot: string;
  readonly signal?: AbortSignal;
}

/** Every home below a workspace root, by its folder's name. Throws `INPUT_INVALID` for a root that cannot be read. */
export async function listHomes({
  workspaceRoot,
  signal,
}: ListHomesRequest): Promise<readonly HomeSummary[]> {
  const homes: HomeSummary[] = [];
  for (const found of await findScopes(workspaceRoot, signal)) {
    throwIfCancelled(signal);
    const home = await summarize(found, signal);
    if (home !== null) homes.push(home);
  }
  return homes;
}

/** Null where the scope has no home. */
async function summarize(found: FoundScope, signal: AbortSignal | undefined): Promise<HomeSummary | null> {
  const { slug, dir, recordsDir, record } = found;
  const measured = await measure(dir, signal);
  if (measured === null) return null;
  return {
    slug,
    dir,
    scope: record === null ? null : { kind: record.kind, key: record.key },
    agent: record?.agent ?? null,
    lastUsed: record?.lastUsed ?? null,
    sessions: (record?.sessions ?? []).map(({ key }) => key),
    ...measured,
    inUse: isHomeLeased(recordsDir),
  };
}

async function measure(
  dir: string,
  signal: AbortSignal | undefined,
): Promise<Pick<HomeSummary, "files" | "sizeBytes"> | null> {
  const scope = openFoundScope(dir);
  let measured: { files: number; sizeBytes: number } | null = null;
  try {
    await forEachHomeFolder(scope, async (folder) => {
      const { files, sizeBytes } = await measureFolder(folder, signal);
      measured = { files: (measured?.files ?? 0) + files, sizeBytes: (measured?.sizeBytes ?? 0) + sizeBytes };
    });
  } finally {
    closeFolder(scope);
  }
  return measured;
}
