import type { Engine } from "../../engine/engine.ts";
import { throwIfCancelled } from "../../host/throw-if-cancelled.ts";
import { openWarden, type Warden } from "./open-warden.ts";

/**
 * The wardens of one manager: one for each container and user, started when it is first asked for, closed after ten minutes
 * in which nobody did.
 */
export interface Wardens {
  /** A living one. Throws `EXEC_NOT_STARTED` where none can be started, and `CONTAINER_GONE`. */
  of(containerId: string, user?: string): Promise<Warden>;
  /** Whether one is at hand, so that asking for it costs nothing. */
  has(containerId: string, user?: string): boolean;
  /** Nobody gets one any more: `of` throws `CANCELLED`. */
  close(): void;
}

export function createWardens(engine: Engine, options: { readonly idleMs?: number } = {}): Wardens {
  const entries = new Map<string, Entry>();
  const { idleMs = 600_000 } = options;
  const closed = new AbortController();

  const drop = (key: string, entry: Entry) => {
    if (entries.get(key) === entry) entries.delete(key);
    clearTimeout(entry.timer);
    entry.warden?.close();
  };
  const open = (key: string, containerId: string, user: string | undefined): Entry => {
    const entry: Entry = { opening: openWarden(engine, containerId, user), warden: null, timer: undefined };
    entries.set(key, entry);
    entry.opening.then(
      (warden) => {
        entry.warden = warden;
        if (entries.get(key) !== entry) warden.close();
      },
      () => drop(key, entry),
    );
    return entry;
  };

  return {
    of: async (containerId, user) => {
      throwIfCancelled(closed.signal);
      const key = keyOf(containerId, user);
      const known = entries.get(key);
      const usable = known !== undefined && known.warden?.alive !== false;
      if (known !== undefined && !usable) drop(key, known);
      const entry = usable ? known : open(key, containerId, user);
      clearTimeout(entry.timer);
      entry.timer = setTimeout(() => drop(key, entry), idleMs).unref();
      return entry.opening;
    },
    has: (containerId, user) => entries.get(keyOf(containerId, user))?.warden?.alive === true,
    close: () => {
      closed.abort();
      for (const [key, entry] of entries) drop(key, entry);
    },
  };
}

interface Entry {
  readonly opening: Promise<Warden>;
  /** Null while it is being started. */
  warden: Warden | null;
  timer: NodeJS.Timeout | undefined;
}

function keyOf(containerId: string, user: string | undefined): string {
  return `${containerId} ${user ?? ""}`;
}
