import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine, ExecResult } from "../../src/engine/engine.ts";
import { acquireGeneration } from "../../src/mirror/acquire-generation.ts";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror } from "../support/check-mirror.ts";
import {
  type MirrorWorld,
  mirrorRequest,
  mirrorWorld,
  skillText,
  writeSkill,
} from "../support/mirror-world.ts";
import { snapshotTree } from "../support/snapshot-tree.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const names = Array.from({ length: 8 }, (_, index) => `skill-${index}`);
let engine: Engine;
let world: MirrorWorld;
let id: string;

beforeAll(async () => {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-live-"));
  chmodSync(dir, 0o755);
  world = mirrorWorld(dir);
  await publish(0);
  engine = await connectTestEngine();
  const container = await new Docker().createContainer({
    Image: inject("baseImage"),
    Entrypoint: ["sleep"],
    Cmd: ["600"],
    User: "1000:1000",
    Labels: { [testLabel]: inject("testRun") },
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      Init: true,
      Tmpfs: { "/tmp": "rw,size=1m", "/workspace": "rw,size=1m,mode=1777" },
      Mounts: [{ Type: "bind", Source: world.targetDir, Target: "/workspace/skills", ReadOnly: true }],
    },
  });
  id = container.id;
  await engine.containers.start(id);
});

afterAll(async () => {
  await engine.containers.remove(id);
  rmSync(world.dir, { recursive: true, force: true });
});

/** All skills in one version; each tells it in two files. */
function publish(version: number) {
  const text = skillText("one", `Version ${version}.`);
  const files = {
    "SKILL.md": text,
    "data.txt": String(version),
    "scripts/tell.sh": `#!/bin/sh\necho ${version}\n`,
  };
  const skills = names.map((name) => writeSkill(world.sourcesDir, name, files));
  return publishSkills({ ...mirrorRequest(world, skills), sandboxUid: 1000 });
}

function sh(script: string, user = "1000:1000"): Promise<ExecResult> {
  const command = ["sh", "-c", script];
  return engine.containers.exec(id, { command, user, outputLimitBytes: 100_000, timeoutMs: 120_000 });
}

describe("a container that runs", () => {
  test("sees a new generation in all skills at once, without a restart", async () => {
    const read = "cat /workspace/skills/*/data.txt; /workspace/skills/skill-3/scripts/tell.sh";
    await publish(1);
    expect((await sh(read)).stdout).toBe(`${"1".repeat(names.length)}1\n`);
    await publish(2);
    expect((await sh(read)).stdout).toBe(`${"2".repeat(names.length)}2\n`);
  });

  test("sees what its manifest says, byte for byte", async () => {
    const list = "cd -P /workspace/skills/.live && sha256sum */SKILL.md */data.txt */scripts/tell.sh";
    const { stdout } = await sh(list);
    const seen = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split("  "));
    const promised = checkMirror(world.targetDir)?.manifest.entries.map((entry) => {
      return [entry.type === "file" ? entry.sha256 : "", entry.path];
    });
    expect(seen.toSorted()).toEqual(promised?.toSorted());
  });

  test("never sees two generations through one held folder, while they are published without a pause", async () => {
    // Three digits each, so that what was read can be told apart.
    await publish(100);
    // What `cd` holds is one descriptor for all that follows.
    const reading = sh(`
      whole=0 mixed=0
      while [ "$whole" -lt 300 ]; do
        cd -P /workspace/skills/.live || continue
        seen=$(cat */data.txt */data.txt 2>/tmp/errors | fold -w 3 | sort -u | wc -l)
        if [ -s /tmp/errors ]; then continue # Two generations later: gone as a whole.
        elif [ "$seen" = 1 ]; then whole=$((whole + 1))
        else mixed=$((mixed + 1)); fi
      done
      echo "$whole $mixed"`);
    let isRead = false;
    const read = reading.finally(() => {
      isRead = true;
    });
    let version = 101;
    for (; !isRead; version += 1) await publish(version);
    const [whole, mixed] = (await read).stdout.trim().split(" ").map(Number);
    expect(whole).toBe(300);
    expect(mixed).toBe(0);
    expect(version).toBeGreaterThan(105);
  });

  test("keeps a generation that it was given, however many follow", async () => {
    await publish(200);
    const lease = acquireGeneration(world.targetDir, world.recordsDir);
    for (let version = 201; version < 206; version += 1) await publish(version);
    const read = `cat /workspace/skills/.generations/${lease.generation}/*/data.txt`;
    expect((await sh(read)).stdout).toBe("200".repeat(names.length));
    lease.release();
    await publish(206);
    expect((await sh(read)).exitCode).not.toBe(0);
    expect((await sh("cat /workspace/skills/skill-0/data.txt")).stdout).toBe("206");
  });

  test.each(["1000:1000", "0:0"])("cannot change a skill, as %s", async (user) => {
    const before = snapshotTree(world.targetDir);
    const skill = "/workspace/skills/skill-0";
    for (const script of [
      `echo x >> ${skill}/SKILL.md`,
      `echo x > ${skill}/new`,
      `rm -f ${skill}/SKILL.md`,
      `mv ${skill} /workspace/skills/aside`,
      `chmod 777 ${skill}/SKILL.md`,
      `touch ${skill}/SKILL.md`,
      `ln -sfn /tmp /workspace/skills/.live`,
      "mkdir /workspace/skills/mine",
      "rm -rf /workspace/skills/.versions",
      "mv /workspace/skills /workspace/elsewhere",
      "mount -o remount,rw /workspace/skills",
    ]) {
      expect([script, (await sh(`exec 2>/dev/null; ${script}`, user)).exitCode]).not.toEqual([script, 0]);
    }
    expect(snapshotTree(world.targetDir)).toEqual(before);
  });

  test("finds no path of the host in what it can read", async () => {
    expect((await sh(`grep -rF ${world.dir} /workspace/skills/`, "0:0")).exitCode).toBe(1);
    expect(execFileSync("find", [world.targetDir, "-lname", "/*"], { encoding: "utf8" })).toBe("");
  });
});
