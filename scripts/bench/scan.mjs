import { join } from "node:path";
import { measureInTurns, run } from "./measure.mjs";
import { findSkillSet } from "./skill-set.mjs";

/** `scan` and `plan` of hundreds of skills, against reading the files and parsing their heads. */
export async function benchScan({ root, cli, report }) {
  const skills = findSkillSet(root);
  try {
    const baseline = join(root, "scripts/bench/read-heads.mjs");
    const medians = await measureInTurns(
      {
        "read + parse heads (yaml)": () => run(process.execPath, [baseline, skills.folder]),
        scan: () => run(process.execPath, [cli, "scan", skills.folder, "--json"]),
        plan: () => run(process.execPath, [cli, "plan", skills.folder, "--name", "bench", "--json"]),
      },
      { rounds: 7 },
    );
    const baselineSeconds = medians["read + parse heads (yaml)"];
    report("scan / read + parse heads (yaml)", medians.scan, baselineSeconds, "at most 1.5");
    report("plan − scan (seconds)", medians.plan - medians.scan, 1, "under 1 s");
  } finally {
    skills.remove();
  }
}
