import type { FailureCause } from "./tell-cause.ts";

/** A command that was started to run for long. */
export interface SandboxProcess {
  readonly id: string;
  readonly containerId: string;
  readonly command: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedMs: number;
  /** `lost`: the engine went away; whether the process still runs is not known. */
  readonly state: "running" | "ended" | "lost";
  /** Null until it has ended. 128 and a signal's number where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly cause: FailureCause | null;
  /** Milliseconds since 1970; null while it runs. */
  readonly endedMs: number | null;
  /** Of all that it has printed. */
  readonly outputBytes: number;
}
