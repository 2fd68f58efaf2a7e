import { createHash } from "node:crypto";
import type { Engine } from "../engine.ts";
import { runWithAptIndex } from "./apt-container.ts";
import type { UpdateOptions } from "./check-updates.ts";

/**
 * Names the present state of an image's package sources: `apt-` and 16 hex digits of a hash over their release files.
 * Mirrors of one archive have equal files and give equal names. Throws `APT_FAILED`.
 */
export async function readAptEpoch(
  engine: Engine,
  base: string,
  { network, signal }: UpdateOptions,
): Promise<string> {
  // Sorted by content: files are named for the host they came from.
  const script = "sha256sum /tmp/apt/lists/*Release | cut -d ' ' -f 1 | sort -u";
  const sums = await runWithAptIndex(engine, { image: base, network, signal, script, packages: false });
  return `apt-${createHash("sha256").update(sums.trim()).digest("hex").slice(0, 16)}`;
}
