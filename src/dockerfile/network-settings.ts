/**
 * What a company's network asks of every build step. None of it reaches the final image, or is part of a plan and its
 * hash, unless `keepCa` or `keepMirror` says so.
 */
export interface NetworkSettings {
  /** Base URL that replaces the host in Debian's own sources, e.g. `http://mirror.corp/debian`. */
  readonly aptMirror: string | null;
  /**
   * Snapshots of Debian's archives, for locked packages that have left the mirror: an address below which
   * `<archive>/<time>/pool/…` is as it was then.
   */
  readonly snapshot: string | null;
  readonly npmRegistry: string | null;
  /** A `simple` index, as pip's `--index-url` takes it. */
  readonly pythonIndex: string | null;
  /** A module proxy, as Go's `GOPROXY` takes one address. */
  readonly goProxy: string | null;
  /** The database of modules' sums, as Go's `GOSUMDB` takes it; `off` for modules that none knows. */
  readonly goSumDb: string | null;
  /** A sparse index of crates, with no password in it: build scripts of crates can read it. */
  readonly cargoRegistry: string | null;
  readonly httpProxy: string | null;
  readonly httpsProxy: string | null;
  /** Comma-separated, as `NO_PROXY` takes it. */
  readonly noProxy: string | null;
  /** Extra CA certificates, PEM; null: none. */
  readonly caPem: string | null;
  /** Leave the CA in the final image's trust store. */
  readonly keepCa: boolean;
  /** Leave the apt mirror in the final image's sources. */
  readonly keepMirror: boolean;
}

export const noNetworkSettings: NetworkSettings = {
  aptMirror: null,
  snapshot: null,
  npmRegistry: null,
  pythonIndex: null,
  goProxy: null,
  goSumDb: null,
  cargoRegistry: null,
  httpProxy: null,
  httpsProxy: null,
  noProxy: null,
  caPem: null,
  keepCa: false,
  keepMirror: false,
};
