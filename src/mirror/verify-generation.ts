import { hash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, type Stats } from "node:fs";
import { join } from "node:path";
import { compareText } from "../diagnostic/compare-text.ts";
import { createPace, type Pace } from "../host/pace.ts";
import { linkTarget, mirrorNames } from "./mirror-paths.ts";
import type { ManifestEntry } from "./mirror-request.ts";
import { readManifest } from "./read-manifest.ts";
import { versionName } from "./skill-entry.ts";

/** A difference between what a generation holds and what its manifest says. */
export interface GenerationProblem {
  /** From the generation's folder. */
  readonly path: string;
  readonly problem: "missing" | "unexpected" | "type" | "mode" | "size" | "content" | "target";
}

/**
 * Reads a whole generation again and compares it with its manifest, in both directions. An empty list: it is exactly
 * what was published. For a doctor and for tests; publishing itself needs no such look.
 */
export async function verifyGeneration(
  targetDir: string,
  generationId: string,
  signal?: AbortSignal,
): Promise<readonly GenerationProblem[]> {
  const manifest = readManifest(targetDir, generationId);
  if (manifest === null) return [{ path: mirrorNames.manifest, problem: "missing" }];
  const pace = createPace(signal);
  const dir = join(targetDir, mirrorNames.generations, generationId);
  const expected = new Map<string, ManifestEntry>(manifest.entries.map((entry) => [entry.path, entry]));
  const problems: GenerationProblem[] = [];
  const seen = new Set<string>();
  for (const { folder, sha256 } of manifest.skills) {
    if (linkTarget(join(dir, folder)) !== `../../${mirrorNames.versions}/${versionName(sha256)}`) {
      problems.push({ path: folder, problem: "target" });
      continue;
    }
    for await (const path of walk(dir, folder, pace)) {
      seen.add(path);
      const problem = compare(join(dir, path), expected.get(path));
      if (problem !== null) problems.push({ path, problem });
    }
  }
  for (const path of expected.keys()) if (!seen.has(path)) problems.push({ path, problem: "missing" });
  return problems.sort((left, right) => compareText(left.path, right.path));
}

/** Files, links and empty folders, as a manifest lists them. */
async function* walk(dir: string, path: string, pace: Pace): AsyncGenerator<string> {
  for (const entry of readdirSync(join(dir, path), { withFileTypes: true })) {
    if (pace.isDue()) await pace.rest();
    const inner = `${path}/${entry.name}`;
    if (!entry.isDirectory()) yield inner;
    else if (readdirSync(join(dir, inner)).length === 0) yield inner;
    else yield* walk(dir, inner, pace);
  }
}

function compare(path: string, entry: ManifestEntry | undefined): GenerationProblem["problem"] | null {
  if (entry === undefined) return "unexpected";
  const stats = lstatSync(path);
  if (typeOf(stats) !== entry.type) return "type";
  if (entry.type === "link") return linkTarget(path) === entry.target ? null : "target";
  const mode = entry.type === "file" ? entry.mode : 0o755;
  if ((stats.mode & 0o7777) !== mode) return "mode";
  if (entry.type === "folder") return null;
  if (stats.size !== entry.size) return "size";
  return hash("sha256", readFileSync(path), "hex") === entry.sha256 ? null : "content";
}

function typeOf(stats: Stats): ManifestEntry["type"] | null {
  if (stats.isFile()) return "file";
  if (stats.isSymbolicLink()) return "link";
  return stats.isDirectory() ? "folder" : null;
}
