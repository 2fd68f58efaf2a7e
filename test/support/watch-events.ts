import { onTestFinished } from "vitest";
import type { SkillWatchEvent } from "../../src/mirror/watch-event.ts";
import { type ListenToFolder, listenToFolder } from "../../src/mirror/watch-folder.ts";
import {
  type SkillWatcher,
  type WatchSkillSourcesOptions,
  watchWith,
} from "../../src/mirror/watch-skill-sources.ts";
import type { SkillRoot } from "../../src/mirror/watched-place.ts";

export type ChangedEvent = Extract<SkillWatchEvent, { kind: "changed" }>;

export interface WatchedEvents {
  readonly watcher: SkillWatcher;
  /** All so far. */
  readonly events: SkillWatchEvent[];
  /** The next event of a kind that nobody has waited for yet. */
  next<Kind extends SkillWatchEvent["kind"]>(kind: Kind): Promise<Extract<SkillWatchEvent, { kind: Kind }>>;
  /** Skills of changes from now on, until all of `dirs` were among them. */
  skillsUntil(...dirs: readonly string[]): Promise<Set<string>>;
}

/** A watcher with short times, closed when the test has finished. */
export async function watchEvents(
  roots: readonly (string | SkillRoot)[],
  options: Partial<WatchSkillSourcesOptions> = {},
  listenTo: ListenToFolder = listenToFolder,
  listensToTrees = false,
): Promise<WatchedEvents> {
  const events: SkillWatchEvent[] = [];
  let taken = 0;
  let wake = () => {};
  const times = { quietMs: 40, maxWaitMs: 600, pollIntervalMs: 20 };
  const onEvent = (event: SkillWatchEvent) => {
    events.push(event);
    wake();
  };
  const watcher = watchWith({ ...times, ...options, onEvent }, listenTo, listensToTrees);
  onTestFinished(() => watcher.close());
  for (const root of roots) await watcher.add(typeof root === "string" ? { path: root } : root);
  const next: WatchedEvents["next"] = async (kind) => {
    for (;;) {
      for (; taken < events.length; ) {
        const event = events[taken++];
        if (event?.kind === kind) return event as never;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    watcher,
    events,
    next,
    skillsUntil: async (...dirs) => {
      const skills = new Set<string>();
      while (!dirs.every((dir) => skills.has(dir))) {
        for (const skill of (await next("changed")).skills) skills.add(skill);
      }
      return skills;
    },
  };
}

/** Listens to nothing, as a system at its limit. */
export const listenToNothing: ListenToFolder = () => {
  throw Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), {
    code: "ENOSPC",
  });
};

/** Listens as the system does, counts, and can be made to hear what did not happen. */
export function countingListener(underneath: ListenToFolder = listenToFolder) {
  const open = new Set<object>();
  let mayListen = true;
  const onEvents: ((name: string | null) => void)[] = [];
  const listenTo: ListenToFolder = (path, onEvent, options) => {
    if (!mayListen) return listenToNothing(path, onEvent, options);
    const ear = underneath(path, onEvent, options);
    open.add(ear);
    onEvents.push(onEvent);
    return {
      close: () => {
        open.delete(ear);
        ear.close();
      },
    };
  };
  return {
    listenTo,
    open,
    onEvents,
    allow: (allowed: boolean) => {
      mayListen = allowed;
    },
  };
}
