/**
 * What is said to a runner and by it, each with its length in front, so that no content can be taken for a frame.
 * Numbers are big-endian. To the runner: its token once; then frames of a length and a message. From the runner: the
 * token, a letter, the number of the command, a length, and content. `H`: it is ready; `O` and `E`: output of the two
 * streams; `F`: the command was not started, and why; `X`: how it ended.
 */
export interface RunnerFrame {
  readonly type: string;
  readonly id: number;
  readonly content: Buffer;
}

export interface RunnerMessage {
  readonly id: number;
  readonly timeoutMs: number;
  readonly outputLimitBytes: number;
  /** Empty: the container's own. */
  readonly workdir: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | Uint8Array;
}

/** 16 bytes. */
export const tokenBytes = 16;

export function encodeRun(message: RunnerMessage): Buffer {
  const { id, timeoutMs, outputLimitBytes, workdir, command, env, stdin } = message;
  const parts = [workdir, joinAll(command), joinAll(Object.entries(env).flat()), stdin];
  return prefix([
    letter("R"),
    number(id),
    number(timeoutMs),
    number(outputLimitBytes),
    ...parts.map(prefixed),
  ]);
}

export function encodeKill(id: number): Buffer {
  return prefix([letter("K"), number(id)]);
}

export type FrameReader = (chunk: Uint8Array) => readonly RunnerFrame[];

/** Gives the frames that a chunk completes. Throws a RangeError at anything that is none of this runner's. */
export function createFrameReader(token: Uint8Array): FrameReader {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
    const frames: RunnerFrame[] = [];
    while (pending.length >= headBytes) {
      if (!pending.subarray(0, tokenBytes).equals(token))
        throw new RangeError("it sent what is no frame of its own");
      const length = pending.readUInt32BE(tokenBytes + 5);
      if (length > longestContent) throw new RangeError("it sent a frame that is too long");
      if (pending.length < headBytes + length) break;
      frames.push({
        type: String.fromCharCode(pending[tokenBytes] ?? 0),
        id: pending.readUInt32BE(tokenBytes + 1),
        content: pending.subarray(headBytes, headBytes + length),
      });
      pending = pending.subarray(headBytes + length);
    }
    return frames;
  };
}

export interface RunnerExit {
  /** 128 and the signal's number where one ended the command. */
  readonly exitCode: number;
  readonly signalled: boolean;
  readonly timedOut: boolean;
  readonly truncated: boolean;
  readonly outOfMemory: number;
  readonly pidsLimit: number;
}

/** Throws a RangeError where the content is too short. */
export function decodeExit(content: Buffer): RunnerExit {
  // As wait(2) gives it: the signal in the lowest seven bits, the exit code in the second byte.
  const status = content.readUInt32BE(0);
  const signal = status & 0x7f;
  return {
    exitCode: signal === 0 ? (status >> 8) & 0xff : 128 + signal,
    signalled: signal !== 0,
    timedOut: content.readUInt8(4) !== 0,
    truncated: content.readUInt8(5) !== 0,
    outOfMemory: content.readUInt32BE(6),
    pidsLimit: content.readUInt32BE(10),
  };
}

function joinAll(words: readonly string[]): Buffer {
  return Buffer.concat(words.map(prefixed));
}

function prefixed(content: string | Uint8Array): Buffer {
  return prefix([Buffer.from(content)]);
}

function prefix(parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([number(content.length), content]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function letter(type: string): Buffer {
  return Buffer.from(type, "latin1");
}

const headBytes = tokenBytes + 9;
const longestContent = 1024 * 1024;
