import type { BuildStepEvent } from "../engine.ts";
import type { JsonMessage } from "../port/read-json-lines.ts";

export type StepFailed = Extract<BuildStepEvent, { type: "step-failed" }>;

/** Turns what one builder says into the events that are the same for all. */
export interface StepTracker {
  /** Throws a RangeError for a message that the builder cannot have meant. */
  read(message: JsonMessage): readonly BuildStepEvent[];
  /** The build ended well: what is still to be told. */
  end(): readonly BuildStepEvent[];
  /** The build ended with this error: the step it belongs to. */
  fail(error: string): StepFailed;
  /** Null until the builder has named it. */
  imageId(): string | null;
  /** Short ids of what each stage but the last left in the engine, in order. */
  stageIds(): readonly string[];
}
