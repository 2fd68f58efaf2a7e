// Made by scripts/measure-npm-trees.mjs: run it again instead of editing this.

/** Bytes of an npm package with its dependencies, on linux/amd64, installed without lifecycle scripts. */
export interface NpmTreeSize {
  /** Of the archives that are fetched. */
  readonly downloadBytes: number;
  /** Of the files in its tree. */
  readonly installedBytes: number;
}

/** By `name@version`. */
export const npmTreeSizes: ReadonlyMap<string, NpmTreeSize> = new Map();
