import type { ImageBelow } from "./image-plan.ts";

/** A Debian image that is not built here: see {@link ImageBelow}. */
export type ExternalBase = Omit<Extract<ImageBelow, { kind: "external" }>, "kind">;
