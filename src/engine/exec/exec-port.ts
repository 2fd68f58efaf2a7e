import type { Writable } from "node:stream";
import type { OutputChunk } from "../port/split-frames.ts";

/** Runs commands in containers, with their streams open while they run. */
export interface ExecPort {
  /**
   * Starts a command and connects its streams. The signal calls off the start; what has been started is let go with
   * `close`. Throws `CONTAINER_GONE` where the container does not run.
   */
  open(containerId: string, spec: OpenExecSpec, signal?: AbortSignal): Promise<OpenExec>;
  /** Tells a command's terminal its size. Throws `CONTAINER_GONE` where nobody knows the command any more. */
  resize(execId: string, size: TerminalSize): Promise<void>;
  /** How it stands. Throws `CONTAINER_GONE` where nobody knows the command any more. */
  inspect(execId: string, signal?: AbortSignal): Promise<ExecState>;
  /** Kills everything in a container and starts it anew: what its tmpfs mounts held is gone. */
  restart(containerId: string): Promise<void>;
}

export interface OpenExecSpec {
  readonly command: readonly string[];
  /** `uid:gid` or a name; left out: the container's own. */
  readonly user?: string;
  /** On top of the container's own. Shown by no inspect. */
  readonly env?: Readonly<Record<string, string>>;
  readonly workdir?: string;
  /** Whether something will be written to its standard input; else that is at its end from the start. */
  readonly stdin: boolean;
  /** A terminal: standard error then comes with standard output. */
  readonly tty: boolean;
  /** It is silent most of the time: the engine is not asked in between whether it still lives. */
  readonly idle?: boolean;
}

export interface OpenExec {
  readonly id: string;
  /** Its standard input; `end()` closes it while the output goes on. Null: not asked for. */
  readonly stdin: Writable | null;
  /**
   * What it prints, as it comes, to be read once; it ends when nobody holds the command's output open any more. Whoever
   * does not read holds the command up. Throws `ENGINE_DOWN`, `ENGINE_SILENT` and `ENGINE_PROTOCOL`, and `CANCELLED`
   * after `close`.
   */
  readonly output: AsyncIterable<OutputChunk>;
  /** Lets go of the streams; the command runs on. */
  close(): void;
}

export interface ExecState {
  readonly running: boolean;
  /** 128 and a signal's number for a command that a signal ended; null while it runs. */
  readonly exitCode: number | null;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}
