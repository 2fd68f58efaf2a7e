import { lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { writeSkills } from "./mirror.mjs";

const scopes = Number(process.env.SKILLCRATE_BENCH_SCOPES ?? 1000);
const skillsEach = 50;

/** Many scopes with the same skills: what they take on the disk and in memory, and how long the event loop waits. */
export async function benchMirrorScopes({ root, report }) {
  const { publishSkills } = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  try {
    const skills = writeSkills(join(dir, "sources"), skillsEach, ["references"]);
    const publish = (scope) =>
      publishSkills({
        skills,
        targetDir: join(dir, "scopes", `${scope}`, "skills"),
        recordsDir: join(dir, "scopes", `${scope}`, "records"),
        storeDir: join(dir, "store"),
        sandboxUid: process.getuid() + 1000,
      });
    await publish(0);
    const one = takenBelow([join(dir, "scopes"), join(dir, "store")]);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const before = process.memoryUsage.rss();
    let most = before;
    delay.enable();
    for (let scope = 1; scope < scopes; scope++) {
      await publish(scope);
      most = Math.max(most, process.memoryUsage.rss());
    }
    delay.disable();
    const all = takenBelow([join(dir, "scopes"), join(dir, "store")]);
    const mebibyte = 1024 * 1024;
    report(`contents of ${scopes} scopes / of one (bytes)`, all.contents, one.contents, "at most 1.2");
    report(
      "folders, links and manifests of a skill and scope (KiB)",
      (all.rest - one.rest) / ((scopes - 1) * skillsEach * 1024),
      1,
      "at most 10",
    );
    report("memory (MiB)", most / mebibyte, 1, "at most 100 MB");
    report("longest wait of the event loop (ms)", delay.max / 1e6, 1, "at most 20 ms");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Bytes on the disk; a file with several names counts once, and what belongs to one scope alone counts as rest. */
function takenBelow(dirs) {
  const seen = new Set();
  const taken = { contents: 0, rest: 0 };
  const queue = [...dirs];
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
