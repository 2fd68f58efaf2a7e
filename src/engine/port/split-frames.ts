export type OutputStream = "stdout" | "stderr";

/** A piece of what a program printed. */
export interface OutputChunk {
  readonly stream: OutputStream;
  readonly bytes: Uint8Array;
}

/**
 * Reads the engine's multiplexed format: frames of an eight-byte head (stream, three zeros, size as big-endian) and
 * their content, cut anywhere. Gives the pieces that a chunk holds, which share its memory; throws a RangeError where it
 * does not continue such a stream.
 */
export type FrameSplitter = (chunk: Uint8Array) => readonly OutputChunk[];

export function createFrameSplitter(): FrameSplitter {
  const head = new Uint8Array(headBytes);
  let headFilled = 0;
  let stream: OutputStream = "stdout";
  let frameLeft = 0;

  const readHead = (chunk: Uint8Array): number => {
    const taken = Math.min(headBytes - headFilled, chunk.length);
    head.set(chunk.subarray(0, taken), headFilled);
    headFilled += taken;
    if (headFilled === headBytes) {
      stream = streamOf(head);
      frameLeft = new DataView(head.buffer).getUint32(4);
      headFilled = 0;
    }
    return taken;
  };

  return (chunk) => {
    const pieces: OutputChunk[] = [];
    for (let offset = 0; offset < chunk.length; ) {
      const rest = chunk.subarray(offset);
      if (frameLeft === 0) {
        offset += readHead(rest);
        continue;
      }
      const bytes = rest.subarray(0, frameLeft);
      pieces.push({ stream, bytes });
      frameLeft -= bytes.length;
      offset += bytes.length;
    }
    return pieces;
  };
}

function streamOf(head: Uint8Array): OutputStream {
  const stream = streams[head[0] ?? -1];
  if (stream === undefined || head[1] !== 0 || head[2] !== 0 || head[3] !== 0) {
    throw new RangeError("the engine's output is not multiplexed");
  }
  return stream;
}

const headBytes = 8;
// 0 is what a program read from standard input, which Docker's own client shows with the rest.
const streams: readonly OutputStream[] = ["stdout", "stdout", "stderr"];
