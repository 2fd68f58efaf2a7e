import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { measureInTurns, run } from "./measure.mjs";

/** First copies, against `cp -a` of the same folder and one `sync -f`. */
export async function benchMirror({ root, report }) {
  const { publishSkills } = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  try {
    for (const { title, count, rounds, promise } of [
      { title: "50 skills, 500 files", count: 50, rounds: 15, promise: "at most 2.5" },
      { title: "1,000 skills, 10,000 files", count: 1000, rounds: 5, promise: "at most 1.5" },
    ]) {
      const skills = writeSkills(join(dir, `sources-${count}`), count);
      let turn = 0;
      let out = "";
      const medians = await measureInTurns(
        {
          "cp -a": async () => {
            await run("cp", ["-a", join(dir, `sources-${count}`), out]);
            await run("sync", ["-f", out]);
          },
          mirror: () => publishSkills(requestFor(out, skills)),
          "mirror without a store": () => publishSkills({ ...requestFor(out, skills), storeDir: null }),
        },
        {
          rounds,
          before: async () => {
            rmSync(out === "" ? join(dir, "none") : out, { recursive: true, force: true });
            turn += 1;
            out = join(dir, `out-${turn}`);
            mkdirSync(join(dir, "flushed"), { recursive: true });
            await run("sync", ["-f", dir]);
          },
        },
      );
      report(`mirror ${title} / cp -a + sync -f`, medians.mirror, medians["cp -a"], promise);
      report(
        `mirror ${title}, no store / cp -a + sync -f`,
        medians["mirror without a store"],
        medians["cp -a"],
        promise,
      );
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Another user's sandbox, as where a gateway runs as root. */
function requestFor(out, skills) {
  return {
    skills,
    targetDir: join(out, "skills"),
    recordsDir: join(out, "records"),
    storeDir: join(out, "store"),
    sandboxUid: process.getuid() + 1000,
  };
}

/** Skills of ten files, a few kilobytes each, in these folders. */
export function writeSkills(sourcesDir, count, folders = ["scripts", "references"]) {
  return Array.from({ length: count }, (_, number) => {
    const name = `skill-${number}`;
    const dir = join(sourcesDir, name);
    for (const folder of folders) mkdirSync(join(dir, folder), { recursive: true });
    const text = `---\nname: ${name}\ndescription: A skill to measure.\n---\n${"Text of a skill.\n".repeat(300)}`;
    writeFileSync(join(dir, "SKILL.md"), text);
    for (let file = 0; file < 9; file++) {
      const folder = folders[file % folders.length];
      const mode = folder === "scripts" ? 0o755 : 0o644;
      writeFileSync(join(dir, folder, `${file}.txt`), `${name} ${file}\n`.repeat(300), { mode });
    }
    return { name, dir, source: "managed" };
  });
}
