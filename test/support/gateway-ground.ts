import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SkillsGround } from "../../src/sandbox/choose-skills.ts";
import type { SourceKind } from "../../src/skill/merge-sources.ts";

/** The folders of a gateway in an empty folder, and the one that each kind of source has. */
export interface GatewayGround {
  readonly ground: SkillsGround & { readonly workspaceDir: string };
  readonly workspaceRoot: string;
  readonly folders: Readonly<Record<SourceKind, string>>;
}

export function gatewayGround(dir: string): GatewayGround {
  const homeDir = join(dir, "home");
  const stateDir = join(homeDir, ".openclaw");
  const workspaceDir = join(dir, "agent");
  const folders = {
    extra: join(dir, "extra"),
    bundled: join(dir, "bundled"),
    managed: join(stateDir, "skills"),
    personal: join(homeDir, ".agents", "skills"),
    project: join(workspaceDir, ".agents", "skills"),
    workspace: join(workspaceDir, "skills"),
  };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  return {
    ground: {
      config: { skills: { load: { extraDirs: [folders.extra] } } },
      stateDir,
      homeDir,
      workspaceDir,
      bundledDir: folders.bundled,
    },
    workspaceRoot: join(dir, "sandboxes"),
    folders,
  };
}

/** Writes a skill with a script, `scripts/run.sh`, that says the skill's name. `head` is more of the YAML head. */
export function writeSkill(root: string, name: string, head = ""): string {
  const dir = join(root, name);
  mkdirSync(join(dir, "scripts"), { recursive: true });
  const description = `Says ${name}; see {baseDir}/scripts.`;
  writeFileSync(
    join(dir, "SKILL.md"),
    `---\nname: ${name}\ndescription: "${description}"\n${head}---\nRun {baseDir}/scripts/run.sh\n`,
  );
  writeFileSync(join(dir, "scripts", "run.sh"), `#!/bin/sh\necho "${name}"\n`);
  chmodSync(join(dir, "scripts", "run.sh"), 0o755);
  return dir;
}
