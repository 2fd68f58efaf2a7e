import { closeSync, constants, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errnoOf } from "../../src/host/file-problem.ts";
import type { MirrorRequest } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";

/** What one of several processes that mirror the same thing tells. */
export interface OneOfMany {
  readonly id: string;
  readonly changed: boolean;
  readonly copiedFiles: number;
}

/** Waits for a line on standard input, so that all start at once. */
export async function mirrorOnSignal(request: MirrorRequest): Promise<OneOfMany> {
  process.stdout.write("ready\n");
  await new Promise((go) => process.stdin.once("data", go));
  process.stdin.destroy();
  const { generation, changed, copied } = await publishSkills(request);
  return { id: generation.id, changed, copiedFiles: copied.files };
}

export interface ReaderReport {
  /** Times that every file was read through one descriptor and told the same version. */
  readonly whole: number;
  /** Versions seen. */
  readonly versions: number;
  /** Times that files told different versions; must be 0. */
  readonly mixtures: number;
  /** Times that the generation was removed while it was read. */
  readonly gone: number;
}

/** Reads `files` of whatever is live, through one descriptor each time, until standard input ends. */
export async function readUntilTold(targetDir: string, files: readonly string[]): Promise<ReaderReport> {
  const versions = new Set<string>();
  const report = { whole: 0, mixtures: 0, gone: 0 };
  let stopped = false;
  process.stdin.once("end", () => {
    stopped = true;
  });
  process.stdin.resume();
  process.stdout.write("ready\n");
  while (!stopped) {
    const texts = readThroughOneDescriptor(targetDir, files);
    if (texts === null) report.gone += 1;
    else if (new Set(texts).size > 1) report.mixtures += 1;
    else report.whole += 1;
    for (const text of texts ?? []) versions.add(text);
    // Lets the end of standard input in.
    await new Promise(setImmediate);
  }
  return { ...report, versions: versions.size };
}

function readThroughOneDescriptor(targetDir: string, files: readonly string[]): string[] | null {
  const fd = openSync(join(targetDir, ".live"), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return files.map((file) => readFileSync(`/proc/self/fd/${fd}/${file}`, "utf8"));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return null;
    throw error;
  } finally {
    closeSync(fd);
  }
}
