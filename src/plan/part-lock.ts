/** The locks of a plan's parts. */
export interface LockedParts {
  /** When the Debian index was read, as snapshot archives write it: `20261122T051500Z`. */
  readonly indexReadAt: string;
  /** By id of a stage or layer; a part that takes nothing from anywhere has none. */
  readonly parts: Readonly<Record<string, PartLock>>;
}

/**
 * What one stage or layer of a plan is made from, exactly: carried out from this, it asks no index and takes nothing
 * else. One member for each kind of part.
 */
export type PartLock = DebianLock | ToolchainLock | NpmLock | PythonLock | GoLock | CargoLock | DownloadLock;

export type PartLockKind = PartLock["kind"];

/** A layer of Debian packages: every package that it adds or replaces, sorted by name. */
export interface DebianLock {
  readonly kind: "debian";
  readonly packages: readonly LockedDeb[];
}

/** A stage that is thrown away: packages that are set up there, and others that are only unpacked. */
export interface ToolchainLock {
  readonly kind: "toolchain";
  readonly installed: readonly LockedDeb[];
  readonly unpacked: readonly LockedDeb[];
}

/** One package file of a Debian archive. */
export interface LockedDeb {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The last part of its archive's address, which tells archives apart on every mirror: `debian`, `debian-security`. */
  readonly archive: string;
  /** Below the archive's address, percent-encoded: `pool/main/j/jq/jq_1.6-2.1_amd64.deb`. */
  readonly path: string;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Packages of an npm registry, each at its place. */
export interface NpmLock {
  readonly kind: "npm";
  /** `node_modules/a/node_modules/b` → the package there; sorted. */
  readonly packages: Readonly<Record<string, LockedNpmPackage>>;
}

/** An entry of npm's own lock, as far as an installation needs it. What is bundled comes inside another's file. */
export interface LockedNpmPackage {
  readonly version: string;
  /** Below the registry's address: `mcporter/-/mcporter-0.12.3.tgz`. */
  readonly tarball: string;
  /** As npm has it: `sha512-…`. */
  readonly integrity: string;
  /** The package's own name, where its folder has another. */
  readonly name?: string;
  /** Command → file. */
  readonly bin?: Readonly<Record<string, string>>;
  /** Names of the packages of this tree that it finds at run time, whatever it called that: sorted. */
  readonly needs?: readonly string[];
}

/** Packages of a Python index; sorted by name. */
export interface PythonLock {
  readonly kind: "python";
  readonly packages: readonly LockedWheel[];
}

export interface LockedWheel {
  readonly name: string;
  readonly version: string;
  /** 64 hex digits. */
  readonly sha256: string;
  /** Where the file is; only the path where it is on the host of the configured index. */
  readonly url: string;
}

/** A Go command: the modules that it was built from, itself among them. */
export interface GoLock {
  readonly kind: "go";
  /** Lines as `go.sum` has them: module, version, sum. In the order of their bytes. */
  readonly sums: readonly string[];
}

/** A crate and everything that its lock file names, itself among them; sorted by file. */
export interface CargoLock {
  readonly kind: "cargo";
  /** Where the files are, as the registry's own configuration says; only the path where it is on the registry's host. */
  readonly store: string;
  readonly crates: readonly LockedCrate[];
}

export interface LockedCrate {
  /** `ripgrep-14.1.1.crate` */
  readonly file: string;
  /** 64 hex digits. */
  readonly sha256: string;
  /** What the registry's index says of it, without which cargo builds nothing. */
  readonly entry: CrateEntry;
  /** It is for other platforms or for tests, and only its entry is needed. */
  readonly unused?: true;
}

/** A line of a registry's index (The Cargo Book, "Index Format"). */
export interface CrateEntry {
  readonly name: string;
  readonly vers: string;
  /** 64 hex digits. */
  readonly cksum: string;
  readonly features?: Readonly<Record<string, readonly string[]>>;
  readonly features2?: Readonly<Record<string, readonly string[]>>;
  readonly deps: readonly { readonly name: string; readonly features?: readonly string[] }[];
}

/** A release file. */
export interface DownloadLock {
  readonly kind: "download";
  /** 64 hex digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}
