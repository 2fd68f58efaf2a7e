import { setTimeout as delay } from "node:timers/promises";
import { createPace } from "../host/pace.ts";
import { throwIfCancelled } from "../host/throw-if-cancelled.ts";
import {
  forgetChanges,
  incompleteEvent,
  pollingEvent,
  type SkillWatchEvent,
  takeChanges,
} from "./watch-event.ts";
import { type ListenToFolder, listenInBursts, listenToFolder, systemErrno } from "./watch-folder.ts";
import { createGates } from "./watch-gates.ts";
import { createSettling } from "./watch-settling.ts";
import { rootId, type SkillRoot } from "./watched-place.ts";
import {
  hearAgain,
  leaveRoot,
  lookAtRoot,
  makeWatchedRoot,
  pollFromNowOn,
  type WatchedRoot,
  type WatchGround,
} from "./watched-root.ts";

export interface WatchSkillSourcesOptions {
  /** Called with one event at a time. What it throws is an uncaught exception, as in any event handler. */
  readonly onEvent: (event: SkillWatchEvent) => void;
  /** A change is told when none followed it for this long; default 250. */
  readonly quietMs?: number;
  /** A change is told after this long even if others follow without end; default 2,000. */
  readonly maxWaitMs?: number;
  /** Between two looks at what cannot be listened to; default 2,000, longer where a look takes over 100 ms. */
  readonly pollIntervalMs?: number;
  /** Folders that are watched in all; default 50,000. */
  readonly maxFolders?: number;
  /** Whether the watcher keeps a process alive that has nothing else to do; default false. */
  readonly keepProcessAlive?: boolean;
  /** Closes the watcher. */
  readonly signal?: AbortSignal;
}

/** Watches any number of roots; one that is added twice is watched once and must be removed twice. */
export interface SkillWatcher extends AsyncDisposable {
  /** From when the promise resolves, every change is told. Throws `CANCELLED` once the watcher is closed. */
  add(root: SkillRoot): Promise<void>;
  remove(root: SkillRoot): Promise<void>;
  /** Nothing is told any more from the moment of the call. */
  close(): Promise<void>;
}

/**
 * Watches roots of skills for anything that changes what a mirror of them would hold: SKILL.md and every other file,
 * modes, folders that are exchanged, roots that come and go, links on the way to a root that are pointed elsewhere.
 * Changes are collected and told together. On Linux each folder is listened to by itself; where the system's limit is
 * reached, or where a disk can change without this system taking note (network, FUSE), a root is polled.
 *
 * Not heard, on Linux, as inotify does not tell it: writing through a memory map or through a hard link elsewhere, and
 * a file system that is mounted over a folder.
 */
export function watchSkillSources(options: WatchSkillSourcesOptions): SkillWatcher {
  return watchWith(options, listenToFolder, process.platform === "darwin" || process.platform === "win32");
}

/** With the system's part as arguments. Node's own recursion on Linux walks in JavaScript and listens to every file. */
export function watchWith(
  options: WatchSkillSourcesOptions,
  listenTo: ListenToFolder,
  listensToTrees: boolean,
): SkillWatcher {
  throwIfCancelled(options.signal);
  const { quietMs = 250, maxWaitMs = 2_000, pollIntervalMs = 2_000, maxFolders = 50_000 } = options;
  const persistent = options.keepProcessAlive ?? false;
  const stop = new AbortController();
  const roots = new Map<string, WatchedRoot>();
  const limited = new Map<string, SkillRoot[]>();
  const heardAgain: SkillRoot[] = [];
  const settling = createSettling({
    quietMs,
    maxWaitMs,
    run,
    pause,
    look: () => inTurn(lookAtStirred),
    tell,
  });
  const ground: WatchGround = {
    gates: createGates(listenInBursts(listenTo, { recursive: false, persistent }), (watched) => {
      watched.moved = true;
      settling.stir();
    }),
    listen: listenInBursts(listenTo, { recursive: listensToTrees, persistent }),
    listensToTrees,
    onStir: settling.stir,
    room: { left: maxFolders, exceeded: false },
    pace: createPace(stop.signal),
  };
  let toldIncomplete = false;
  let isPolling = false;
  let work: Promise<void> = Promise.resolve();

  /** One after the other: nobody looks at a tree that another look is changing. */
  function inTurn(task: () => void | Promise<void>): Promise<void> {
    const done = work.then(() => {
      throwIfCancelled(stop.signal);
      return task();
    });
    work = done.catch(() => {});
    return done;
  }

  function run(task: () => Promise<void>): void {
    task().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { ref: persistent, signal: stop.signal });
  }

  function tell(): void {
    const events: (SkillWatchEvent | null)[] = [...limited].map(([errno, where]) =>
      pollingEvent(errno, where, pollIntervalMs),
    );
    limited.clear();
    if (heardAgain.length > 0) events.push({ kind: "listening", roots: heardAgain.splice(0) });
    if (ground.room.exceeded && !toldIncomplete) events.push(incompleteEvent(maxFolders));
    toldIncomplete = ground.room.exceeded;
    events.push(takeChanges(roots.values()));
    for (const event of events) if (event !== null) options.onEvent(event);
  }

  async function lookAtStirred(): Promise<void> {
    for (const watched of roots.values()) {
      if (watched.mode === "heard" && (watched.moved || watched.stirred.size > 0)) await look(watched);
    }
  }

  async function look(watched: WatchedRoot): Promise<void> {
    try {
      await lookAtRoot(watched, ground);
    } catch (error) {
      const errno = systemErrno(error);
      if (errno === null) throw error;
      // What fails while it is polled is tried again at the next look.
      if (watched.mode === "polled") return;
      await pollFromNowOn(watched, ground);
      limited.set(errno, [...(limited.get(errno) ?? []), watched.root]);
      settling.stir();
      await look(watched);
    }
    if (isPolled(watched)) startPolling();
    if (ground.room.exceeded && !toldIncomplete) settling.stir();
  }

  function startPolling(): void {
    if (isPolling) return;
    isPolling = true;
    run(poll);
  }

  async function poll(): Promise<void> {
    for (let tookMs = 0; ; ) {
      const polled = [...roots.values()].filter(isPolled);
      if (polled.length === 0) break;
      const intervalMs = settling.isUnsettled() ? quietMs / 2 : pollIntervalMs;
      await pause(Math.max(intervalMs, shareOfPolling * tookMs));
      const startedAt = performance.now();
      for (const watched of polled) await inTurn(() => pollOnce(watched));
      tookMs = performance.now() - startedAt;
    }
    isPolling = false;
  }

  async function pollOnce(watched: WatchedRoot): Promise<void> {
    const id = rootId(watched.root);
    if (roots.get(id) !== watched) return;
    const { changes, limitedAtMs } = watched;
    if (limitedAtMs !== null && performance.now() - limitedAtMs > retryAfterPolls * pollIntervalMs) {
      const heard = await hearAgain(watched, ground);
      if (heard !== null) return replace(id, watched, heard);
    }
    const before = changes.count;
    watched.moved = true;
    await look(watched);
    if (changes.count > before) settling.stir();
  }

  async function replace(id: string, watched: WatchedRoot, heard: WatchedRoot): Promise<void> {
    if (roots.get(id) !== watched) return leaveRoot(heard, ground);
    heard.users = watched.users;
    roots.set(id, heard);
    heardAgain.push(heard.root);
    settling.stir();
  }

  async function add(root: SkillRoot): Promise<void> {
    throwIfCancelled(stop.signal);
    const id = rootId(root);
    const known = roots.get(id);
    const watched = known ?? makeWatchedRoot(root);
    watched.users += 1;
    if (known !== undefined) return inTurn(() => {});
    roots.set(id, watched);
    await inTurn(async () => {
      await look(watched);
      forgetChanges(watched);
    });
  }

  async function remove(root: SkillRoot): Promise<void> {
    const id = rootId(root);
    const watched = roots.get(id);
    if (watched === undefined || stop.signal.aborted) return;
    watched.users -= 1;
    if (watched.users > 0) return;
    roots.delete(id);
    await inTurn(() => leaveRoot(watched, ground));
  }

  async function close(): Promise<void> {
    options.signal?.removeEventListener("abort", onAbort);
    stop.abort();
    await work;
    for (const watched of roots.values()) await leaveRoot(watched, { ...ground, pace: createPace() });
    roots.clear();
  }

  function onAbort(): void {
    void close();
  }
  options.signal?.addEventListener("abort", onAbort);
  return { add, remove, close, [Symbol.asyncDispose]: close };
}

/** Of the time that passes, at most a twentieth goes into polling. */
const shareOfPolling = 20;

/** After a limit was reached, others may leave room: once a minute, unless told otherwise. */
const retryAfterPolls = 30;

function isPolled({ mode, wayUnheard }: WatchedRoot): boolean {
  return mode === "polled" || wayUnheard;
}
