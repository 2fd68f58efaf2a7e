/** Values on their way from those who push to one who iterates. What nobody has taken yet is kept. */
export interface EventQueue<T> {
  push(value: T): void;
  /** Ends the iteration after what was pushed. */
  end(): void;
  /** Ends it with an error. */
  fail(error: unknown): void;
  /** For one reader. */
  readonly values: AsyncIterable<T>;
}

export function createEventQueue<T>(): EventQueue<T> {
  const waiting: T[] = [];
  let ended: { readonly error?: unknown } | null = null;
  let wake = () => {};

  async function* drain(): AsyncGenerator<T, void, undefined> {
    while (true) {
      yield* waiting.splice(0);
      if (waiting.length > 0) continue;
      if (ended !== null) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if ("error" in ended) throw ended.error;
  }

  return {
    push: (value) => {
      waiting.push(value);
      wake();
    },
    end: () => {
      ended = {};
      wake();
    },
    fail: (error) => {
      ended = { error };
      wake();
    },
    values: drain(),
  };
}
