import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./measure.mjs";
import { writeSkills } from "./mirror.mjs";

const scopes = Number(process.env.SKILLCRATE_BENCH_SCOPES ?? 1000);
const skillsEach = 50;
const program = join(dirname(fileURLToPath(import.meta.url)), "mirror-scopes-process.mjs");

/** Many scopes with the same skills: what they take on the disk and in memory, and how long the event loop waits. */
export async function benchMirrorScopes({ root, report }) {
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  try {
    const stateDir = join(dir, "home", ".openclaw");
    const workspaceRoot = join(dir, "scopes");
    writeSkills(join(stateDir, "skills"), skillsEach, ["references"]);
    // A process of its own, which has nothing in memory but what a gateway needs for this.
    const mirror = async (first, last) =>
      JSON.parse(await run(process.execPath, [program, root, stateDir, workspaceRoot, first, last]));
    await mirror("0", "0");
    const one = takenBelow(workspaceRoot);
    const { mostBytes, longestWaitMs, bareBytes, loadedBytes } = await mirror("1", String(scopes - 1));
    const all = takenBelow(workspaceRoot);
    const megabyte = 1_000_000;
    report(`contents of ${scopes} scopes / of one (bytes)`, all.contents, one.contents, "at most 1.2");
    report(
      "folders, links and manifests of a skill and scope (KiB)",
      (all.rest - one.rest) / ((scopes - 1) * skillsEach * 1024),
      1,
      "at most 10",
    );
    report("memory (MB)", mostBytes / megabyte, 1, "at most 100");
    report("of it Node (MB)", bareBytes / megabyte, 1);
    report("of it Node and the library (MB)", loadedBytes / megabyte, 1);
    report("longest wait of the event loop (ms)", longestWaitMs, 1, "at most 20");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Bytes on the disk; a file with several names counts once, and what belongs to one scope alone counts as rest. */
function takenBelow(dir) {
  const seen = new Set();
  const taken = { contents: 0, rest: 0 };
  const queue = [dir];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const stats = lstatSync(path);
    if (stats.isDirectory()) queue.push(...readdirSync(path).map((name) => join(path, name)));
    if (seen.has(stats.ino)) continue;
    seen.add(stats.ino);
    const isContent = stats.isFile() && stats.nlink > 1;
    taken[isContent ? "contents" : "rest"] += stats.blocks * 512;
  }
  return taken;
}
