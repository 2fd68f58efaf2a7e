import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import type { BuildStepEvent } from "./engine.ts";
import type { BinaryFacts, LibraryFacts } from "./image-facts.ts";

/** What `buildImages` tells while it works; one stream for all images, each event naming its own. */
export type BuildEvent =
  | { readonly type: "image-started"; readonly image: string; readonly tag: string; readonly hash: string }
  /** The tagged image already carries this plan's hash: nothing was done. */
  | { readonly type: "image-current"; readonly image: string; readonly tag: string; readonly id: string }
  | ({ readonly image: string } & BuildStepEvent)
  | {
      readonly type: "probe-started";
      readonly image: string;
      readonly binaries: number;
      readonly libraries: number;
    }
  | { readonly type: "binary-probed"; readonly image: string; readonly facts: BinaryFacts }
  | { readonly type: "library-probed"; readonly image: string; readonly facts: LibraryFacts }
  | {
      readonly type: "image-built";
      readonly image: string;
      readonly tag: string;
      readonly id: string;
      readonly sizeBytes: number;
      readonly seconds: number;
    }
  /** `places` are the lines of the skills that asked for the failed step. */
  | {
      readonly type: "image-failed";
      readonly image: string;
      readonly code: string;
      readonly message: string;
      readonly hint: string;
      readonly places: readonly Place[];
      readonly log: readonly string[];
    }
  | { readonly type: "diagnostic"; readonly image: string; readonly diagnostic: Diagnostic };
