/** One file of a build context. `mode` holds permission bits; owner is 0:0 and the time is fixed when it is packed. */
export interface ContextFile {
  /** Relative, `/`-separated. */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

/** Which builders a Dockerfile is for: `portable` any, `buildkit` uses cache and bind mounts; both make the same files. */
export type Rendering = "portable" | "buildkit";

/** An image plan rendered: everything a builder is sent. */
export interface RenderedImage {
  readonly rendering: Rendering;
  readonly dockerfile: string;
  /** Sorted by path; contains the `Dockerfile` itself. */
  readonly context: readonly ContextFile[];
  /** Proxy settings: the predefined build arguments, which builders leave out of history. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Which plan element each Dockerfile instruction came from: 1-based line → stage or layer id. */
  readonly origins: readonly { readonly line: number; readonly id: string }[];
}
