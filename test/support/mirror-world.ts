import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import timers from "node:timers/promises";
import type { MirrorRequest, SkillToMirror } from "../../src/mirror/mirror-request.ts";

/** Where one mirror of a test has its folders. */
export interface MirrorWorld {
  readonly dir: string;
  readonly sourcesDir: string;
  readonly targetDir: string;
  readonly recordsDir: string;
  readonly storeDir: string;
}

export function mirrorWorld(dir: string): MirrorWorld {
  const world = {
    dir,
    sourcesDir: join(dir, "sources"),
    targetDir: join(dir, "scope", "workspace", "skills"),
    recordsDir: join(dir, "scope", "records"),
    storeDir: join(dir, "store"),
  };
  for (const path of [world.sourcesDir, join(dir, "scope", "workspace")])
    mkdirSync(path, { recursive: true });
  return world;
}

/** A request for these skills; another user's sandbox, so that contents may be shared. */
export function mirrorRequest(world: MirrorWorld, skills: readonly SkillToMirror[]): MirrorRequest {
  const { targetDir, recordsDir, storeDir } = world;
  return { skills, targetDir, recordsDir, storeDir, sandboxUid: (process.getuid?.() ?? 0) + 1000 };
}

export function skillText(name: string, body = "Text."): string {
  return `---\nname: ${name}\ndescription: A skill for a test.\n---\n${body}\n`;
}

/** A skill folder `<sourcesDir>/<name>` with these files; a path that ends in `.sh` is executable. */
export function writeSkill(
  sourcesDir: string,
  name: string,
  files: Readonly<Record<string, string>> = {},
): SkillToMirror {
  const dir = join(sourcesDir, name);
  for (const [path, text] of Object.entries({ "SKILL.md": skillText(name), ...files })) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
    chmodSync(join(dir, path), path.endsWith(".sh") ? 0o755 : 0o644);
  }
  return { name, dir, source: "workspace" };
}

/**
 * A small set of skills, in the state number `version`: one never changes, one always does, and of two others one is
 * there at a time. What was there before is replaced.
 */
export function writeVersion(world: MirrorWorld, version: number): SkillToMirror[] {
  rmSync(world.sourcesDir, { recursive: true, force: true });
  const steady = writeSkill(world.sourcesDir, "steady", {
    "scripts/run.sh": "#!/bin/sh\necho steady\n",
    "reference/guide.md": "A guide.\n",
  });
  symlinkSync("../reference/guide.md", join(steady.dir, "scripts", "guide.md"));
  const moving = writeSkill(world.sourcesDir, "moving", {
    "SKILL.md": skillText("moving", `Version ${version}.`),
    "data.txt": `${version}\n`.repeat(2000),
  });
  const guest = writeSkill(world.sourcesDir, version % 2 === 0 ? "even" : "odd");
  return [moving, guest, steady];
}

/**
 * Files that this process has just written count as settled, and no pause takes its time: a mirror waits until the file
 * system's clock has ticked since the last change, and looks again after a while. For processes of a test's own.
 */
export function hurry(): void {
  const now = Date.now;
  Date.now = () => now() + 5000;
  const { setTimeout } = timers;
  timers.setTimeout = ((ms, ...rest) => setTimeout(Math.min(ms ?? 0, 1), ...rest)) as typeof setTimeout;
  syncBuiltinESMExports();
}
