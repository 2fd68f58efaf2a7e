import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { SkillToMirror } from "../../src/mirror/mirror-request.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror, findLeftovers, findText } from "./check-mirror.ts";
import { createFailingDisk } from "./failing-disk.ts";
import {
  hurry,
  type MirrorWorld,
  mirrorRequest,
  mirrorWorld,
  skillText,
  writeSkill,
} from "./mirror-world.ts";

const canary = "canary-91c0";
// Read in more than one part.
const oldText = "old ".repeat(270_000);
const newText = "new ".repeat(270_000);

/** What an attacker or an accident does to a skill: `dir/sub/data.txt` holds the old text; `secretDir` looks like `dir`. */
const changes = {
  "rewrites a file in place": (file) => writeFileSync(file, newText, { flag: "r+" }),
  "rewrites a file in place and sets its times back": (file) => {
    const { atime, mtime } = statSync(file);
    writeFileSync(file, newText, { flag: "r+" });
    utimesSync(file, atime, mtime);
  },
  "replaces a file by rename": (file) => {
    writeFileSync(`${file}.new`, newText);
    renameSync(`${file}.new`, file);
  },
  "rewrites a file half": (file) => writeFileSync(file, newText.slice(0, newText.length / 2), { flag: "r+" }),
  "empties a file": (file) => truncateSync(file, 0),
  "lets a file grow": (file) => appendFileSync(file, newText),
  "removes a file": (file) => rmSync(file),
  "makes a file executable": (file) => chmodSync(file, 0o755),
  "replaces a file by a link to a secret": (file, secretDir) => {
    rmSync(file);
    symlinkSync(join(secretDir, "sub", "data.txt"), file);
  },
  "replaces a folder by a link to a secret one": (file, secretDir) => {
    renameSync(join(file, ".."), `${join(file, "..")}-aside`);
    symlinkSync(join(secretDir, "sub"), join(file, ".."));
  },
  "replaces the skill by a link to a secret folder": (file, secretDir) => {
    renameSync(join(file, "..", ".."), `${join(file, "..", "..")}-aside`);
    symlinkSync(secretDir, join(file, "..", ".."));
  },
  "replaces the folder of all skills by a link": (file, secretDir) => {
    renameSync(join(file, "..", "..", ".."), `${join(file, "..", "..", "..")}-aside`);
    symlinkSync(join(secretDir, ".."), join(file, "..", "..", ".."));
  },
  "removes the skill": (file) => rmSync(join(file, "..", ".."), { recursive: true }),
  "adds a file": (file) => writeFileSync(join(file, "..", "added.txt"), newText),
  "adds a second name of a secret": (file, secretDir) =>
    linkSync(join(secretDir, "sub", "data.txt"), join(file, "..", "added.txt")),
} satisfies Record<string, (file: string, secretDir: string) => void>;

export type SkillChange = keyof typeof changes;
export const skillChanges = Object.keys(changes) as SkillChange[];

export interface ChangeReport {
  readonly operations: number;
  /** How many mirrors took the state before the change, another one, or refused the skill. */
  readonly old: number;
  readonly changed: number;
  readonly refused: number;
  /** What went wrong, one line each; must be empty. */
  readonly problems: readonly string[];
}

/** Mirrors again and again; before the n-th operation on the skills, the n-th time, one is changed. */
export async function changeAtEveryOperation(dir: string, change: SkillChange): Promise<ChangeReport> {
  hurry();
  const disk = await createFailingDisk();
  const report = { old: 0, changed: 0, refused: 0, problems: [] as string[] };
  await publish(mirrorWorld(dir));
  for (let at = 1; at < 20_000 && report.problems.length < 10; at += 1) {
    rmSync(dir, { recursive: true, force: true });
    const world = mirrorWorld(dir);
    const skill = makeSkill(world);
    const file = join(skill.dir, "sub", "data.txt");
    const act = () => changes[change](file, join(world.dir, "secret", "attacked"));
    disk.arm(at, { kind: "act", act, below: world.sourcesDir });
    const outcome = await attempt(() => publish(world, skill));
    const met = disk.disarm();
    if (met.failed === null) return { operations: met.operations, ...report };
    if (outcome === "old" || outcome === "changed" || outcome === "refused") report[outcome] += 1;
    else report.problems.push(`${at}, ${met.failed}: ${outcome}`);
    const again = await attempt(() => publish(world, skill));
    const fresh = await attempt(() =>
      publish({ ...world, targetDir: join(dir, "fresh"), recordsDir: join(dir, "fresh-records") }, skill),
    );
    if (again !== fresh) report.problems.push(`${at}, ${met.failed}: then ${again}, afresh ${fresh}`);
  }
  return { operations: Number.POSITIVE_INFINITY, ...report };
}

function makeSkill(world: MirrorWorld): SkillToMirror {
  const files = (text: string) => ({ "sub/data.txt": text, "SKILL.md": skillText("attacked") });
  writeSkill(join(world.dir, "secret"), "attacked", files(canary));
  mkdirSync(world.sourcesDir, { recursive: true });
  return writeSkill(world.sourcesDir, "attacked", files(oldText));
}

async function attempt(task: () => Promise<string>): Promise<string> {
  try {
    return await task();
  } catch (error) {
    return String(error);
  }
}

/** `old`, `changed` or `refused`; anything else is a problem. */
async function publish(world: MirrorWorld, skill = makeSkill(world)): Promise<string> {
  const { refused } = await publishSkills(mirrorRequest(world, [skill]));
  const live = checkMirror(world.targetDir);
  for (const dir of [world.targetDir, world.storeDir, world.recordsDir]) {
    if (findText(dir, canary).length > 0) return "a secret was copied";
  }
  const left = findLeftovers(world.targetDir);
  if (left.length > 0) return `left ${left.join()}`;
  if (refused.length > 0) return live?.manifest.skills.length === 0 ? "refused" : "refused and mirrored";
  const entry = live?.entries.get("attacked/sub/data.txt");
  if (live === null || entry?.startsWith(`file ${0o644} `) !== true) return "changed";
  const text = readFileSync(join(world.targetDir, "attacked", "sub", "data.txt"), "utf8");
  if (text === oldText) return live.entries.size === 2 ? "old" : "changed";
  const isOneState = [newText, newText.slice(0, newText.length / 2) + oldText.slice(oldText.length / 2)];
  return [...isOneState, "", oldText + newText].includes(text) ? "changed" : "a mixture was copied";
}
