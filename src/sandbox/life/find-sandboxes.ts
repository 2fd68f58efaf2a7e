import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { compareText } from "../../diagnostic/compare-text.ts";
import type { Engine } from "../../engine/engine.ts";
import type { ListedContainer } from "../../engine/sandbox/sandbox-port.ts";
import { browserFolder } from "../browser/browser-folders.ts";
import { containerLabels } from "../container/container-plan.ts";
import { type HalfMade, readMakingName } from "../container/making-name.ts";
import { readContainerLabels, type SandboxLabels } from "../container/read-container-labels.ts";
import { lookUpEntry, type PoolState } from "../pool/look-up-entry.ts";
import { scopeSlug } from "../scope.ts";

/** What the functions below `life` need to know of a gateway. */
export interface GatewaySandboxes {
  readonly engine: Engine;
  /** The owner label of its containers: those of other gateways on the engine are not seen. */
  readonly owner: string;
  /** Absolute: where the folders of all scopes are. */
  readonly workspaceRoot: string;
}

/** One container, as its labels and the disk tell of it. */
export interface FoundSandbox {
  readonly container: ListedContainer;
  /** With the scope that has claimed it, where it was made for the pool. */
  readonly labels: SandboxLabels;
  /** What has become of one that was made for the pool; null: it was made for its scope. */
  readonly pool: PoolState | null;
  /** Where its lock, its leases and its last use are: the scope's records, or its browser's. Null: there is no such folder. */
  readonly recordsDir: string | null;
  /** The scope's records, who shares it among them; null as above. */
  readonly scopeRecordsDir: string | null;
  /** Whether its folder is gone from a workspace root that is there. */
  readonly orphaned: boolean;
  /** Null: it is a sandbox, and not on the way to be one. */
  readonly halfMade: HalfMade | null;
}

/** Every container of a gateway's sandboxes, by name: one request, however many there are. */
export async function findSandboxes(
  { engine, owner, workspaceRoot }: GatewaySandboxes,
  options: { readonly sizes?: boolean; readonly signal?: AbortSignal } = {},
): Promise<readonly FoundSandbox[]> {
  const listed = await engine.sandboxes.list([`${containerLabels.owner}=${owner}`], options);
  const rootIsThere = isFolder(workspaceRoot);
  const found: FoundSandbox[] = [];
  for (const container of listed) {
    const written = readContainerLabels(container.labels);
    if (written === null || container.state === "removing") continue;
    const entry = written.pool === null ? null : lookUpEntry(workspaceRoot, written.pool);
    const labels = { ...written, scope: entry?.scope ?? written.scope };
    const dir = findScopeDir(labels, workspaceRoot);
    found.push({
      container,
      labels,
      pool: entry?.state ?? null,
      recordsDir: dir === null ? null : recordsIn(dir, labels),
      scopeRecordsDir: dir === null ? null : join(dir, "records"),
      // A disk that is not mounted has taken no scope away.
      orphaned: dir === null && rootIsThere,
      halfMade: readMakingName(container.name),
    });
  }
  return found.sort((left, right) => compareText(left.container.name, right.container.name));
}

/** Where the lock of what has these labels is; null: there is no such folder. */
export function findRecordsDir(labels: SandboxLabels, workspaceRoot: string): string | null {
  const dir = findScopeDir(labels, workspaceRoot);
  return dir === null ? null : recordsIn(dir, labels);
}

/**
 * Anybody who may use the engine can write labels: a folder counts if it has the scope's own name, and nothing is made
 * where there is none. A gateway that runs in a container itself may see it elsewhere than the engine does.
 */
function findScopeDir({ scope, scopeDir }: SandboxLabels, workspaceRoot: string): string | null {
  const slug = scopeSlug(scope);
  const candidates = [...(basename(scopeDir) === slug ? [scopeDir] : []), join(workspaceRoot, slug)];
  return candidates.find(isFolder) ?? null;
}

function recordsIn(dir: string, { role }: SandboxLabels): string {
  return role === "browser" ? browserFolder({ dir }).recordsDir : join(dir, "records");
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
