import { browserFolderName } from "../browser/browser-folders.ts";
import type { CollectedFolders } from "../collect-unused.ts";
import { isSandboxLeased } from "../container/container-use.ts";
import { readMakingName } from "../container/making-name.ts";
import { type CollectedHomes, collectHomes } from "../home/collect-homes.ts";
import { collectPool } from "../pool/collect-pool.ts";
import { lookUpEntry } from "../pool/look-up-entry.ts";
import { scopeSlug } from "../scope.ts";
import { type CollectedImages, type ConfiguredImages, collectImages } from "./collect-images.ts";
import { type CollectedMirrors, collectMirrors } from "./collect-mirrors.ts";
import { collectNetworks } from "./collect-networks.ts";
import { collectScopeFolders } from "./collect-scope-folders.ts";
import { type FoundSandbox, findSandboxes, type GatewaySandboxes } from "./find-sandboxes.ts";
import { type SandboxSummary, summarize } from "./list-sandboxes.ts";
import { removeContainers } from "./remove-containers.ts";

export interface CollectGarbageRequest extends GatewaySandboxes {
  /** Folders of scopes without a container that nobody has used for this long go, and images so old. */
  readonly graceMs: number;
  /** What the gateway's configuration names; left out: images stay. */
  readonly configuredImages?: ConfiguredImages;
  /** Say what would be removed. */
  readonly dryRun?: boolean;
  /** The time, in milliseconds since 1970; default: the clock. */
  readonly nowMs?: number;
  readonly signal?: AbortSignal;
}

export interface GarbageContainer extends SandboxSummary {
  /**
   * `half-made`: the process that made it has ended, or has lost it. `no folder`: its scope's folder is gone. `no claim`: it
   * was made for the pool, and is nobody's now.
   */
  readonly why: "half-made" | "no folder" | "no claim";
}

export interface CollectedGarbage {
  readonly containers: {
    readonly removed: readonly GarbageContainer[];
    /** Somebody works on them. */
    readonly kept: readonly GarbageContainer[];
  };
  /** Names of networks that were a browser's own, whose container is gone already or was half-made. */
  readonly networks: readonly string[];
  readonly workspaces: CollectedFolders;
  readonly homes: CollectedHomes;
  /** What browsers keep: their profiles, and what is on record of them. */
  readonly browsers: CollectedFolders;
  readonly generations: CollectedMirrors;
  readonly images: CollectedImages;
}

/**
 * Removes what nobody can use any more: containers that killed processes left half-made, or whose folder is gone; networks
 * whose browser is gone; then the workspaces, homes and browsers' folders of scopes that have no container and were not
 * used for a while; generations of skills that are not shown any more; and images that nothing is made of any more. What
 * is idle is left to {@link pruneSandboxes}.
 */
export async function collectSandboxGarbage(request: CollectGarbageRequest): Promise<CollectedGarbage> {
  const {
    engine,
    workspaceRoot,
    graceMs,
    configuredImages,
    dryRun = false,
    nowMs = Date.now(),
    signal,
  } = request;
  const listedMs = Date.now();
  const found = await findSandboxes(request, request);
  const garbage = found.filter((sandbox) => whyGarbage(sandbox) !== null);
  const { removed, kept } = await removeContainers(engine, garbage, {
    patienceMs,
    dryRun,
    // Leases are of the sandbox, and nobody has one of what is half-made.
    force: true,
    isMeant: (sandbox) => isStillGarbage(request, sandbox),
    ...(signal === undefined ? {} : { signal }),
  });
  const standing = found.filter((sandbox) => !removed.includes(sandbox));
  const entriesOf = (sandboxes: readonly FoundSandbox[]) =>
    sandboxes.flatMap(({ labels }) => (labels.pool === null ? [] : [labels.pool]));
  if (!dryRun) {
    const pool = { standing: entriesOf(standing), gone: entriesOf(removed), listedMs };
    await collectPool({ workspaceRoot, ...pool, signal });
  }
  const slugs = new Set(standing.map(({ labels }) => scopeSlug(labels.scope)));
  const shared = {
    workspaceRoot,
    graceMs,
    dryRun,
    nowMs,
    isInUse: isStanding,
    ...(signal === undefined ? {} : { signal }),
  };
  // On a dry run what would be gone is still there.
  const goneContainers = new Set(removed.map(({ container }) => container.id));
  const goneHalfMade = removed
    .filter(({ halfMade }) => halfMade !== null)
    .map(({ container }) => container.id);
  const networks = await collectNetworks({ ...request, except: new Set(goneHalfMade), dryRun });
  const workspaces = await collectScopeFolders({ ...shared, names: ["workspace", "skills"] });
  const homes = await collectHomes(shared);
  const browsers = await collectScopeFolders({ ...shared, names: [browserFolderName] });
  const goneScopes = new Set(workspaces.removed.map(({ slug }) => slug));
  const generations = await collectMirrors({ ...shared, except: goneScopes });
  const images =
    configuredImages === undefined
      ? { removed: [], kept: [], freedBytes: 0 }
      : await collectImages({ ...shared, engine, configured: configuredImages, except: goneContainers });
  return {
    containers: { removed: removed.map(describe), kept: kept.map(describe) },
    ...{ networks, workspaces, homes, browsers, generations, images },
  };

  function isStanding({ slug }: { readonly slug: string }): boolean {
    return slugs.has(slug);
  }
}

/** Whoever takes longer than this is making the sandbox, and removes what is half-made himself. */
const patienceMs = 1000;

/** Null: it is none. Who makes a sandbox has its scope's lock meanwhile: found without, half-made is left over. */
function whyGarbage({ halfMade, orphaned, recordsDir, pool }: FoundSandbox): GarbageContainer["why"] | null {
  if (halfMade !== null && (halfMade.abandoned || recordsDir !== null)) return "half-made";
  if (pool === "making") return "half-made";
  if (pool === "lost" && !orphaned) return "no claim";
  return orphaned ? "no folder" : null;
}

/** Under the scope's lock. What a living process was making when it was found may be ready by now. */
async function isStillGarbage(
  { engine, workspaceRoot, signal }: CollectGarbageRequest,
  { container, halfMade, labels, recordsDir }: FoundSandbox,
): Promise<boolean> {
  if (labels.pool !== null) {
    // Who prepares it has it in use until it is ready; who claims it moves its folder.
    const { state } = lookUpEntry(workspaceRoot, labels.pool);
    return state === "lost" || (state === "making" && !(recordsDir !== null && isSandboxLeased(recordsDir)));
  }
  if (halfMade === null || halfMade.abandoned) return true;
  const now = await engine.sandboxes.inspect(container.id, signal);
  return now !== null && readMakingName(now.name) !== null;
}

function describe(sandbox: FoundSandbox): GarbageContainer {
  return { ...summarize(sandbox), why: whyGarbage(sandbox) ?? "half-made" };
}
