export interface SettlingOptions {
  readonly quietMs: number;
  readonly maxWaitMs: number;
  /** Runs a task without being waited for. */
  readonly run: (task: () => Promise<void>) => void;
  readonly pause: (ms: number) => Promise<void>;
  /** Looks at what was stirred, so that new folders are listened to before more comes into them. */
  readonly look: () => Promise<void>;
  readonly tell: () => void;
}

export interface Settling {
  /** Something changed. */
  stir(): void;
  /** Whether something changed that was not told yet. */
  isUnsettled(): boolean;
}

/** Waits until nothing changes any more, or until the wait has been long enough, and tells. */
export function createSettling({ quietMs, maxWaitMs, run, pause, look, tell }: SettlingOptions): Settling {
  const shortestTickMs = Math.min(quietMs, maxWaitMs) / 5;
  let firstAt: number | null = null;
  let lastAt = 0;

  async function settle(since: number): Promise<void> {
    for (let tickMs = shortestTickMs; ; ) {
      await pause(tickMs);
      const lookedAt = performance.now();
      await look();
      const now = performance.now();
      if (now - lastAt >= quietMs || now - since >= maxWaitMs) break;
      tickMs = Math.max(shortestTickMs, shareOfLooking * (now - lookedAt));
    }
    firstAt = null;
    tell();
  }

  return {
    stir: () => {
      lastAt = performance.now();
      if (firstAt !== null) return;
      const since = lastAt;
      firstAt = since;
      run(() => settle(since));
    },
    isUnsettled: () => firstAt !== null,
  };
}

/** While others write without end, this many times as long is spent on other things than looking. */
const shareOfLooking = 3;
