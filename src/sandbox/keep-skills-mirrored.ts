import { isDeepStrictEqual } from "node:util";
import { type SharedRun, shareRun } from "../host/share-run.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import type { Generation } from "../mirror/mirror-request.ts";
import type { SkillWatchEvent } from "../mirror/watch-event.ts";
import { type WatchSkillSourcesOptions, watchSkillSources } from "../mirror/watch-skill-sources.ts";
import { rootId, type SkillRoot } from "../mirror/watched-place.ts";
import { listGatewayRoots } from "../source/read-gateway-sources.ts";
import { diffSkills, type SkillsDifference } from "./diff-skills.ts";
import { createMirrorCache } from "./mirror-cache.ts";
import { mirrorSkills } from "./mirror-skills.ts";
import type { MirroredSkills, MirrorSkillsRequest } from "./mirror-skills-request.ts";
import type { Scope } from "./scope.ts";
import { scopeFolder } from "./scope-folder.ts";

export interface KeepSkillsMirroredOptions extends Omit<WatchSkillSourcesOptions, "onEvent"> {
  /** Called with one event at a time. What it throws is an uncaught exception, as in any event handler. */
  readonly onEvent: (event: KeptSkillsEvent) => void;
}

export type KeptSkillsEvent =
  /** A registered scope has other skills than before. Running containers see them already. */
  | ({
      readonly kind: "skills";
      readonly scope: Scope;
      readonly generation: Generation;
      readonly mirrored: MirroredSkills;
    } & SkillsDifference)
  /** A scope's skills changed and could not be mirrored: what was live before still is. Its next call tries again. */
  | { readonly kind: "failed"; readonly scope: Scope; readonly error: unknown }
  | Exclude<SkillWatchEvent, { kind: "changed" }>;

/** Keeps the skills of any number of scopes up to date. */
export interface SkillsKeeper extends AsyncDisposable {
  /**
   * As `mirrorSkills`, and registers the scope: from then on a change is mirrored when it happens, and a call that asks
   * the same again is answered from memory, without a look at the disk. A change is known {@link
   * WatchSkillSourcesOptions.quietMs} after it. The values of a request must not be changed afterwards.
   */
  mirror(request: MirrorSkillsRequest): Promise<MirroredSkills>;
  /** Its skills stay as they are. */
  unregister(workspaceRoot: string, scope: Scope): Promise<void>;
  close(): Promise<void>;
}

/** One watcher for all scopes, which share what they read. Throws `CANCELLED` on a signal that is aborted already. */
export function keepSkillsMirrored(options: KeepSkillsMirroredOptions): SkillsKeeper {
  const watcher = watchSkillSources({ ...options, onEvent: onWatchEvent });
  const scopes = new Map<string, KeptScope>();
  const runs = new Map<string, SharedRun<MirroredSkills>>();
  const cache = createMirrorCache();
  const changed = new Set<KeptScope>();
  const stop = new AbortController();
  let workers = 0;

  function onWatchEvent(event: SkillWatchEvent): void {
    if (event.kind === "changed") onChange(event.roots);
    else options.onEvent(event);
  }

  function onChange(changedRoots: readonly SkillRoot[]): void {
    const ids = changedRoots.map(rootId);
    for (const kept of scopes.values()) {
      if (!ids.some((id) => kept.roots.has(id))) continue;
      kept.version += 1;
      changed.add(kept);
    }
    while (workers < maxWorkers && changed.size > 0) {
      workers += 1;
      void mirrorChanged();
    }
  }

  async function mirrorChanged(): Promise<void> {
    for (const kept of changed) {
      changed.delete(kept);
      try {
        if (recall(kept) === null) await mirrorAgain(kept, stop.signal);
      } catch (error) {
        if (isKept(kept)) tell({ kind: "failed", scope: kept.request.scope, error });
      }
    }
    workers -= 1;
  }

  /** On its own: what a handler throws is no failure of a mirror. */
  function tell(event: KeptSkillsEvent): void {
    queueMicrotask(() => options.onEvent(event));
  }

  /** Whoever asks after a change never gets the result of a run that began before it. */
  function mirrorAgain(kept: KeptScope, signal: AbortSignal | undefined): Promise<MirroredSkills> {
    return shareRun(runs, `${kept.version} ${kept.id}`, (shared) => mirrorOnce(kept, shared), signal);
  }

  async function mirrorOnce(kept: KeptScope, signal: AbortSignal): Promise<MirroredSkills> {
    const { version, request, previous } = kept;
    const run = previous.then(() => mirrorSkills({ ...request, cache, signal }));
    kept.previous = run.then(ignore, ignore);
    const mirrored = await run;
    const before = kept.known?.mirrored;
    kept.known = { version, mirrored };
    const difference = before === undefined || !isKept(kept) ? null : diffSkills(before, mirrored);
    if (difference !== null) {
      const { scope } = request;
      tell({ kind: "skills", scope, generation: mirrored.generation, ...difference, mirrored });
    }
    return mirrored;
  }

  /** The roots are watched before they are read. */
  function follow(kept: KeptScope, request: MirrorSkillsRequest): void {
    const before = kept.roots.values();
    const roots = listGatewayRoots(request.sources).map(({ path, below }) => ({ path, below }));
    kept.request = request;
    kept.roots = new Map(roots.map((root) => [rootId(root), root]));
    kept.version += 1;
    const now = kept.roots.values();
    kept.watched = kept.watched.then(async () => {
      for (const root of now) await watcher.add(root);
      for (const root of before) await watcher.remove(root);
    });
  }

  function register(id: string, request: MirrorSkillsRequest): KeptScope {
    const done = Promise.resolve();
    const kept: KeptScope = {
      id,
      request,
      roots: new Map(),
      version: 0,
      known: null,
      watched: done,
      previous: done,
    };
    scopes.set(id, kept);
    follow(kept, request);
    return kept;
  }

  function isKept(kept: KeptScope): boolean {
    return scopes.get(kept.id) === kept;
  }

  async function mirror(request: MirrorSkillsRequest): Promise<MirroredSkills> {
    throwIfCancelled(stop.signal);
    const id = scopeFolder(request.workspaceRoot, request.scope).dir;
    const kept = scopes.get(id) ?? register(id, request);
    if (!isSameRequest(kept.request, request)) follow(kept, request);
    await kept.watched;
    return recall(kept) ?? (await mirrorAgain(kept, request.signal));
  }

  async function unregister(workspaceRoot: string, scope: Scope): Promise<void> {
    const kept = scopes.get(scopeFolder(workspaceRoot, scope).dir);
    if (kept === undefined) return;
    scopes.delete(kept.id);
    changed.delete(kept);
    await kept.watched;
    for (const root of kept.roots.values()) await watcher.remove(root);
  }

  async function close(): Promise<void> {
    options.signal?.removeEventListener("abort", onAbort);
    stop.abort();
    changed.clear();
    const ended = [...scopes.values()].map(({ previous }) => previous);
    scopes.clear();
    await watcher.close();
    await Promise.all(ended);
    await cache.thread.close();
  }

  function onAbort(): void {
    void close();
  }
  options.signal?.addEventListener("abort", onAbort);
  return { mirror, unregister, close, [Symbol.asyncDispose]: close };
}

interface KeptScope {
  readonly id: string;
  request: MirrorSkillsRequest;
  /** By their ids. */
  roots: ReadonlyMap<string, SkillRoot>;
  /** One more with every change: of the request, or on the disk. */
  version: number;
  /** What the last run gave, and the version it began with. */
  known: { readonly version: number; readonly mirrored: MirroredSkills } | null;
  /** Resolves when the roots are watched. */
  watched: Promise<void>;
  /** Resolves when the last run has ended, however. */
  previous: Promise<void>;
}

/** Each waits for the disk to be flushed once. */
const maxWorkers = 4;

function ignore(): void {}

function recall({ known, version }: KeptScope): MirroredSkills | null {
  if (known?.version !== version) return null;
  return { ...known.mirrored, changed: false, copied: { files: 0, bytes: 0 } };
}

function isSameRequest(left: MirrorSkillsRequest, right: MirrorSkillsRequest): boolean {
  return isDeepStrictEqual(decisive(left), decisive(right));
}

function decisive({ workspaceAccess, sources, choice, sandboxUser }: MirrorSkillsRequest): unknown {
  return { workspaceAccess, sources, choice, sandboxUser };
}
