import { lstatSync } from "node:fs";
import { join } from "node:path";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { collectMirror } from "../../mirror/collect-mirror.ts";
import { type FoundScope, findScopes } from "../home/find-scope.ts";

export interface CollectMirrorsRequest {
  readonly workspaceRoot: string;
  /** Generations stay at least so long after the last change, or for an hour where this is more. */
  readonly graceMs: number;
  /** Folders of scopes that are to be passed over. */
  readonly except: ReadonlySet<string>;
  readonly dryRun: boolean;
  readonly nowMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A generation of a scope's skills that is not shown any more. */
export interface CollectableGeneration {
  /** The scope's folder below the workspace root. */
  readonly slug: string;
  /** See `Generation`. */
  readonly id: string;
}

export interface CollectedMirrors {
  readonly removed: readonly CollectableGeneration[];
  /** Somebody has a lease on them. */
  readonly kept: readonly CollectableGeneration[];
}

/** Removes, in every scope, the generations of skills that are not shown any more and that nobody has a lease on. */
export async function collectMirrors(request: CollectMirrorsRequest): Promise<CollectedMirrors> {
  const { workspaceRoot, graceMs, except, signal } = request;
  const removed: CollectableGeneration[] = [];
  const kept: CollectableGeneration[] = [];
  for (const scope of await findScopes(workspaceRoot, signal)) {
    if (except.has(scope.slug)) continue;
    for (const targetDir of mirrorFolders(scope.dir)) {
      throwIfCancelled(signal);
      const collected = await collectMirror({
        ...request,
        targetDir,
        recordsDir: scope.recordsDir,
        storeDir: join(workspaceRoot, ".store"),
        sandboxUid: sandboxUidOf(scope),
        patienceMs: Math.min(graceMs, readersMs),
      });
      const describe = (id: string) => ({ slug: scope.slug, id });
      removed.push(...collected.removed.map(describe));
      kept.push(...collected.kept.map(describe));
    }
  }
  return { removed, kept };
}

/** Where a scope's mirror can be: with `rw` it is beside the workspace. */
export function mirrorFolders(scopeDir: string): readonly string[] {
  return [join(scopeDir, "workspace", "skills"), join(scopeDir, "skills")];
}

/** Contents are shared only with users who cannot write them: of an unknown one nothing is. */
function sandboxUidOf({ dir }: FoundScope): number {
  const folders = ["workspace", "home"].map((name) => lstatSync(join(dir, name), { throwIfNoEntry: false }));
  return folders.find((stats) => stats !== undefined)?.uid ?? process.geteuid?.() ?? 0;
}

/** A command that reads a skill without a lease has seen all of it by then. */
const readersMs = 60 * 60 * 1000;
