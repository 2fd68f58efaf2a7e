import type { Engine } from "../../engine/engine.ts";
import type { TerminalSize } from "../../engine/exec/exec-port.ts";
import type { OutputChunk } from "../../engine/port/split-frames.ts";
import type { SandboxEnvironment } from "../sandbox-environment.ts";
import type { Wardens } from "./create-wardens.ts";
import type { EndedBy, LastResort } from "./end-command.ts";
import type { ExecInput } from "./feed-input.ts";
import type { KeptOutput } from "./keep-output.ts";
import type { SpillTarget } from "./spill-file.ts";
import type { FailureCause } from "./tell-cause.ts";

export interface SandboxExecRequest {
  readonly engine: Engine;
  readonly containerId: string;
  /** The program and its arguments, each as it is: no shell reads them. */
  readonly command: readonly string[];
  /** An absolute path inside; left out: the container's own. */
  readonly workdir?: string;
  /** `uid:gid` or a name; left out: the container's own. */
  readonly user?: string;
  /** See `sandboxEnvironment`; its secrets are taken out of all output. Left out: the container's own alone. */
  readonly environment?: Pick<SandboxEnvironment, "env" | "lines">;
  /** Left out: the command's input is at its end. */
  readonly stdin?: ExecInput;
  /** Gives the command a terminal; standard error then comes with standard output. */
  readonly tty?: TerminalSize;
  /** Of the whole call. */
  readonly timeoutMs: number;
  /** Kept of both streams together; 1 MiB if left out. */
  readonly outputLimitBytes?: number;
  /** Where what is beyond that limit goes; left out: nowhere. */
  readonly spill?: SpillTarget;
  /** Sees all output as it comes, secrets taken out; a promise holds the command up. What it throws ends the command. */
  readonly onOutput?: (chunk: OutputChunk) => void | Promise<void>;
  /** Called once the command runs. */
  readonly onStarted?: (command: RunningCommand) => void;
  readonly signal?: AbortSignal;
  /** Those of the caller's manager. Without them a command that uses up all processes can only be ended by `lastResort`. */
  readonly wardens?: Wardens;
  /** `restart` if left out. */
  readonly lastResort?: LastResort;
}

export interface RunningCommand {
  /** Tells the command's terminal its new size. */
  resize(size: TerminalSize): Promise<void>;
}

export interface SandboxExecResult extends KeptOutput {
  /** As the engine tells it: 128 and a signal's number where a signal ended the command. Null: it could not be learned. */
  readonly exitCode: number | null;
  /** `SIGKILL` and so on: what the exit code stands for. */
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Which of the sandbox's limits made it fail; null: none, or it did not fail. */
  readonly cause: FailureCause | null;
  /** How a command that did not end in time was ended; null: it ended by itself. */
  readonly endedBy: EndedBy | null;
  readonly durationMs: number;
}
