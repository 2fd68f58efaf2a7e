import type { ReadStream, WriteStream } from "node:tty";

/** One of a process's outputs, for bytes as they come. */
export interface Pipe {
  /** Whether a person watches, whose terminal obeys what is written. */
  readonly isTerminal: boolean;
  /** Waits where the reader does not keep up; rejects with `EPIPE` where it has gone. */
  write(bytes: Uint8Array): Promise<void>;
}

/** A process's standard streams, as a command takes them that hands them on. */
export interface Pipes {
  /** What is piped in; null: it is a terminal, at which nobody was asked to type. */
  readonly stdin: AsyncIterable<Uint8Array> | null;
  readonly stdout: Pipe;
  readonly stderr: Pipe;
}

export function pipesOf(stdin: ReadStream, stdout: WriteStream, stderr: WriteStream): Pipes {
  return { stdin: stdin.isTTY ? null : stdin, stdout: pipeOf(stdout), stderr: pipeOf(stderr) };
}

function pipeOf(stream: WriteStream): Pipe {
  return {
    isTerminal: stream.isTTY,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
  };
}
