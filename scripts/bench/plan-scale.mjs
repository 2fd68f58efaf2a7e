import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { measureInTurns, run } from "./measure.mjs";
import { findSkillSet } from "./skill-set.mjs";

/** `plan` of hundreds of skills as a process: once, and of two and four copies of them; and the memory it takes. */
export async function benchPlanScale({ cli, report, root }) {
  const skills = findSkillSet(root);
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  try {
    const sets = { "1x": [skills.folder], "2x": [], "4x": [] };
    for (let copy = 0; copy < 4; copy += 1) {
      const path = join(folder, String(copy));
      cpSync(skills.folder, path, { recursive: true });
      if (copy < 2) sets["2x"].push(path);
      sets["4x"].push(path);
    }
    const command = (paths) => [cli, "plan", ...paths, "--name", "bench", "--json"];
    const medians = await measureInTurns(
      Object.fromEntries(
        Object.entries(sets).map(([name, paths]) => [name, () => run(process.execPath, command(paths))]),
      ),
      { rounds: 5 },
    );
    report("plan of all skills (seconds)", medians["1x"], 1, "under 1.2 s");
    report("two copies / one", medians["2x"], medians["1x"]);
    report("four copies / two", medians["4x"], medians["2x"]);
    report("memory of plan (MB)", await peakMegabytes(command(sets["1x"])), 1, "under 300 MB");
  } finally {
    skills.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

const reportPeak = `data:text/javascript,process.on("exit",()=>process.stderr.write("peak="+process.resourceUsage().maxRSS))`;

async function peakMegabytes(command) {
  const { stderr } = await execa(process.execPath, ["--import", reportPeak, ...command], {
    maxBuffer: 1 << 28,
    stdin: "ignore",
  });
  return (Number(/peak=([0-9]+)/.exec(stderr)?.[1]) * 1024) / 1e6;
}
