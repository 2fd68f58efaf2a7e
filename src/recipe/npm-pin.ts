import type { RecipePlatform } from "./resolve-context.ts";

/** What is known of an npm package at one exact version. */
export interface NpmPin {
  readonly version: string;
  /** Commands that it declares, sorted. */
  readonly bins: readonly string[];
  /** Megabytes of its installed tree on linux/amd64. */
  readonly treeMb: number;
  /** Its `engines.node`. */
  readonly node?: string;
  /** Its `os`: systems as `process.platform` names them, `!` in front excludes. */
  readonly os?: readonly string[];
  readonly deprecated?: string;
  /**
   * Where the program is in a package of its own for each processor, and an install script, which never runs here,
   * would put it in place: that package (same version) is installed by itself, and `files` says where its commands are.
   */
  readonly platformPackages?: Readonly<Partial<Record<RecipePlatform, string>>>;
  /** Command → file inside the platform package. */
  readonly files?: Readonly<Record<string, string>>;
  /** Packages that it needs and does not declare. */
  readonly with?: readonly { readonly package: string; readonly version: string }[];
}
