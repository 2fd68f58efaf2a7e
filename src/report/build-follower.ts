import type { BuildEvent } from "../engine/build-event.ts";

/** Shows builds while they run. */
export interface BuildFollower {
  event(event: BuildEvent): void;
  /** Ends the display; to be called before anything else is written to the same stream. */
  end(): void;
}
