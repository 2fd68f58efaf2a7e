import type { DebianPackages } from "./debian-packages.ts";
import { type DebianTables, findWords } from "./debian-tables.ts";

/** The file of a package, as an archive serves it. */
export interface DebianFileDigest {
  readonly package: string;
  readonly version: string;
  readonly architecture: string;
  readonly sizeBytes: number;
  /** `debian`, or `debian-security` for what came as a security update. */
  readonly archive: DebianArchive;
  /** Relative to the archive: `pool/main/j/jq/jq_1.6-2.1_amd64.deb`. */
  readonly path: string;
  /** 64 hex digits. */
  readonly sha256: string;
}

export type DebianArchive = "debian" | "debian-security";

/** What names exactly one file of Debian's; null for a name that no package has. Its tables are only read for locks. */
export function findDebianDigest(
  tables: DebianTables,
  packages: DebianPackages,
  name: string,
): DebianFileDigest | null {
  const found = packages.find(name);
  // Lines `name source[!] SHA-256 in base64`: `=` where the source is named like the package, `!` for a security update.
  const [source, digest] = findWords(tables, "digests", name, packages.architecture) ?? [];
  if (found === null || source === undefined || digest === undefined) return null;
  const { version, architecture, downloadBytes } = found;
  const security = source.endsWith("!");
  const folder = source.replace("=", name).replace("!", "");
  const prefix = folder.slice(0, folder.startsWith("lib") ? 4 : 1);
  const pool = security ? "pool/updates/main" : "pool/main";
  return {
    package: name,
    version,
    architecture,
    sizeBytes: downloadBytes,
    archive: security ? "debian-security" : "debian",
    path: `${pool}/${prefix}/${folder}/${name}_${version.replace(/^\d+:/, "")}_${architecture}.deb`,
    sha256: hexOf(digest),
  };
}

function hexOf(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
