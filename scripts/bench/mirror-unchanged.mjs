import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { measureInTurns, median } from "./measure.mjs";

const calls = 20;

/**
 * `mirrorSkills` where nothing changed, 50 skills with 500 files, against removing and copying them, and against one bare
 * `lstat` of each of their files and folders, which is the least that sees every change; in one process.
 */
export async function benchMirrorUnchanged({ root, report }) {
  const { createMirrorCache, mirrorSkills } = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  try {
    const homeDir = join(dir, "home");
    const stateDir = join(homeDir, ".openclaw");
    const copy = join(dir, "copy");
    writeSkills(join(stateDir, "skills"), 50);
    // What was written is older than a tick of the file system's clock.
    await delay(50);
    const request = {
      scope: { kind: "session", key: "agent:main:main" },
      workspaceRoot: join(dir, "sandboxes"),
      workspaceAccess: "none",
      sources: { config: {}, stateDir, homeDir, workspaceDir: null, bundledDir: null },
      choice: { names: null, facts: { imageBins: ["jq"] } },
      sandboxUser: { uid: process.getuid() || 1000, gid: process.getgid() || 1000 },
      cache: createMirrorCache(),
    };
    const histogram = monitorEventLoopDelay({ resolution: 1 });
    histogram.enable();
    await mirrorSkills(request);
    await mirrorSkills(request);
    histogram.disable();
    const skillsDir = join(stateDir, "skills");
    const paths = readdirSync(skillsDir, { recursive: true }).map((path) => join(skillsDir, path));
    /** Of each call by itself: what a gateway's turn waits for. */
    const callsSeconds = [];
    const looksSeconds = [];
    const measure = async (task, seconds) => {
      const start = performance.now();
      await task();
      seconds.push((performance.now() - start) / 1000);
    };
    const look = () => {
      for (const path of paths) lstatSync(path, { throwIfNoEntry: false });
    };
    const medians = await measureInTurns(
      {
        "rm -rf + cp": async () => {
          await rm(copy, { recursive: true, force: true });
          await cp(join(stateDir, "skills"), copy, { recursive: true });
        },
        unchanged: async () => {
          for (let call = 0; call < calls; call += 1) {
            await measure(() => mirrorSkills(request), callsSeconds);
            await measure(look, looksSeconds);
          }
        },
      },
      { rounds: 15 },
    );
    const seconds = median(callsSeconds);
    report("mirrorSkills, nothing changed (ms)", seconds * 1000, 1, "at most 2");
    report(`mirrorSkills, nothing changed / ${paths.length} bare lstat`, seconds, median(looksSeconds));
    report(
      "mirrorSkills, nothing changed (%) / rm -rf + fs.promises.cp",
      seconds * 100,
      medians["rm -rf + cp"],
      "at most 1",
    );
    report("longest hold of the event loop by a first copy (ms)", histogram.max / 1e6, 1, "at most 20");
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function writeSkills(folder, count) {
  for (let skill = 0; skill < count; skill += 1) {
    const name = `skill-${skill}`;
    for (const part of ["scripts", "references"]) mkdirSync(join(folder, name, part), { recursive: true });
    const head = `name: ${name}\ndescription: Does thing number ${skill}, and does it well.`;
    writeFileSync(join(folder, name, "SKILL.md"), `---\n${head}\n---\n${"Some text. ".repeat(200)}\n`);
    for (let file = 1; file < 10; file += 1) {
      const path = file < 5 ? `scripts/run-${file}.sh` : `references/doc-${file}.md`;
      writeFileSync(join(folder, name, path), `${name} ${file} ${"x".repeat(2000)}\n`);
    }
  }
}
