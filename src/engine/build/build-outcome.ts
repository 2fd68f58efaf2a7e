import type { Place } from "../../diagnostic/diagnostic.ts";
import type { ErrorCode } from "../../diagnostic/error-codes.ts";
import type { LabelledBinary } from "../label/label-reader.ts";
import type { LeftOut } from "../label/label-values.ts";

interface PlannedOutcome {
  /** The plan's name. */
  readonly image: string;
  readonly tag: string;
  /** The plan's hash. */
  readonly hash: string;
  readonly seconds: number;
}

/** An image that is there and tagged: `current` since before, or `built` now. */
export interface FinishedImage extends PlannedOutcome {
  readonly status: "current" | "built";
  readonly id: string;
  /** With everything below it. */
  readonly sizeBytes: number;
  /** How many, with those of the images below. */
  readonly layers: number;
  /** Sorted by name. */
  readonly binaries: readonly LabelledBinary[];
  readonly leftOut: readonly LeftOut[];
}

/** The tag, if there was one, is where it was. */
export interface FailedImage extends PlannedOutcome {
  readonly status: "failed";
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  /** The lines of the skills that asked for what failed. */
  readonly places: readonly Place[];
  /** The last lines of the failed step. */
  readonly log: readonly string[];
}

export interface CancelledImage extends PlannedOutcome {
  readonly status: "cancelled";
}

export type ImageOutcome = FinishedImage | FailedImage | CancelledImage;
