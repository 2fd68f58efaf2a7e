/** What a program printed, cut at a limit for both streams together. */
export interface ExecOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** Takes a program's output apart as it comes; `result` may be asked for at any time. */
export interface ExecOutputReader {
  /** Throws a RangeError where the chunk does not continue a multiplexed stream. */
  write(chunk: Uint8Array): void;
  result(): ExecOutput;
}

/**
 * Reads the engine's multiplexed format: frames of an eight-byte head (stream, three zeros, size as big-endian) and
 * their content, cut anywhere. What is beyond the limit is dropped: memory stays bounded.
 */
export function readExecOutput(limitBytes: number): ExecOutputReader {
  const kept: Record<OutputStream, Uint8Array[]> = { stdout: [], stderr: [] };
  const head = new Uint8Array(headBytes);
  let headFilled = 0;
  let stream: OutputStream = "stdout";
  let frameLeft = 0;
  let room = limitBytes;
  let truncated = false;

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
  const readContent = (chunk: Uint8Array): number => {
    const taken = Math.min(frameLeft, chunk.length);
    const fitting = chunk.slice(0, Math.min(taken, room));
    if (fitting.length > 0) kept[stream].push(fitting);
    truncated ||= fitting.length < taken;
    room -= fitting.length;
    frameLeft -= taken;
    return taken;
  };

  return {
    write: (chunk) => {
      let offset = 0;
      while (offset < chunk.length) {
        const rest = chunk.subarray(offset);
        offset += frameLeft > 0 ? readContent(rest) : readHead(rest);
      }
    },
    result: () => ({ stdout: toText(kept.stdout), stderr: toText(kept.stderr), truncated }),
  };
}

type OutputStream = "stdout" | "stderr";

function streamOf(head: Uint8Array): OutputStream {
  const stream = streams[head[0] ?? -1];
  if (stream === undefined || head[1] !== 0 || head[2] !== 0 || head[3] !== 0) {
    throw new RangeError("the engine's output is not multiplexed");
  }
  return stream;
}

function toText(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString("utf8");
}

const headBytes = 8;
// 0 is what a program read from standard input, which Docker's own client shows with the rest.
const streams: readonly OutputStream[] = ["stdout", "stdout", "stderr"];
