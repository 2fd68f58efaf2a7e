import type { ReadStream, WriteStream } from "node:tty";

/** A terminal that a person types at, letter by letter. */
export interface Terminal {
  /** Everything that is typed; ends when the terminal is gone. */
  typed(): AsyncIterable<Uint8Array>;
  /** Waits where the terminal does not keep up. */
  write(bytes: Uint8Array): Promise<void>;
  size(): { readonly columns: number; readonly rows: number };
  /** Calls `changed` at every change of the size; gives what ends that. */
  onResize(changed: () => void): () => void;
  /** Whether letters come as they are typed, Ctrl-C among them; at the end it must be turned off. */
  setRaw(raw: boolean): void;
}

/** The terminal of a process; null where its standard input or output is none. */
export function terminalOf(input: ReadStream, output: WriteStream): Terminal | null {
  if (!input.isTTY || !output.isTTY) return null;
  return {
    typed: () => input,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        output.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    size: () => ({ columns: output.columns ?? 80, rows: output.rows ?? 24 }),
    onResize: (changed) => {
      output.on("resize", changed);
      return () => output.off("resize", changed);
    },
    setRaw: (raw) => {
      input.setRawMode(raw);
      // Else what nobody reads any more would keep the process.
      if (raw) input.resume();
      else input.pause();
    },
  };
}
