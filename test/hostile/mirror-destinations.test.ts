import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { publishSkills } from "../../src/mirror/publish-skills.ts";
import { checkMirror, findText } from "../support/check-mirror.ts";
import { type MirrorWorld, mirrorRequest, mirrorWorld, writeSkill } from "../support/mirror-world.ts";
import { snapshotTree } from "../support/snapshot-tree.ts";
import { tempFolder } from "../support/temp-folder.ts";

const isRoot = process.getuid?.() === 0;

/** A world with one skill, and a folder of somebody's that nothing may touch. */
function worldWithVictim() {
  const world = mirrorWorld(tempFolder());
  const skills = [writeSkill(world.sourcesDir, "one", { "data.txt": "mine\n" })];
  const victim = join(world.dir, "victim");
  mkdirSync(join(victim, "one"), { recursive: true });
  mkdirSync(join(victim, ".versions"));
  mkdirSync(join(victim, ".generations"));
  writeFileSync(join(victim, "precious"), "precious");
  return { world, victim, request: mirrorRequest(world, skills) };
}

async function expectRefused(world: MirrorWorld, request: Parameters<typeof publishSkills>[0]) {
  await expect(publishSkills(request)).rejects.toMatchObject({
    name: "SkillcrateError",
    code: expect.stringMatching(/^MIRROR_(TARGET_FOREIGN|NOT_WRITABLE)$/),
    message: expect.stringContaining("skills"),
  });
  return world;
}

describe("something else stands where the mirror is to be: refused, and left as it is", () => {
  const makers: readonly (readonly [string, (target: string, victim: string) => void])[] = [
    ["a link to a folder", (target, victim) => symlinkSync(victim, target)],
    ["a link to nothing", (target) => symlinkSync("nothing", target)],
    ["a link to itself", (target) => symlinkSync(target, target)],
    ["a file", (target) => writeFileSync(target, "precious")],
    ["a pipe", (target) => void execFileSync("mkfifo", [target])],
    [
      "a folder with somebody's files",
      (target) => {
        mkdirSync(join(target, "one"), { recursive: true });
        writeFileSync(join(target, "one", "data.txt"), "precious");
      },
    ],
    [
      "a folder whose .versions leads elsewhere",
      (target, victim) => {
        mkdirSync(target);
        symlinkSync(join(victim, ".versions"), join(target, ".versions"));
      },
    ],
    [
      "a folder whose .generations leads elsewhere",
      (target, victim) => {
        mkdirSync(target);
        symlinkSync(join(victim, ".generations"), join(target, ".generations"));
      },
    ],
    [
      "a folder whose .live is a folder",
      (target) => {
        mkdirSync(join(target, ".live"), { recursive: true });
        writeFileSync(join(target, ".live", "precious"), "precious");
      },
    ],
  ];

  test.each(makers)("%s", async (_, make) => {
    const { world, victim, request } = worldWithVictim();
    make(world.targetDir, victim);
    const before = [snapshotTree(dirname(world.targetDir)), snapshotTree(victim)];
    await expectRefused(world, request);
    const after = [snapshotTree(dirname(world.targetDir)), snapshotTree(victim)];
    expect(after).toEqual(before);
  });

  test.each(makers)("%s, with adopt: set aside whole, and mirrored", async (_, make) => {
    const { world, victim, request } = worldWithVictim();
    make(world.targetDir, victim);
    const before = snapshotTree(victim);
    const { generation } = await publishSkills({ ...request, adopt: true });
    expect(checkMirror(world.targetDir)?.manifest.id).toBe(generation.id);
    expect(snapshotTree(victim)).toEqual(before);
    const aside = readdirSync(dirname(world.targetDir)).filter((name) => name.startsWith("skills.replaced-"));
    expect(aside).toHaveLength(1);
  });

  test.runIf(isRoot)("somebody else's folder, for an ordinary user", async () => {
    const { bundleSource } = await import("../support/bundle-source.ts");
    const { callInProcess } = await import("../support/call-in-process.ts");
    const { world, request } = worldWithVictim();
    const bundle = await bundleSource(["mirror/publish-skills.ts"], join(world.dir, "bundle"));
    mkdirSync(world.targetDir, { mode: 0o755 });
    execFileSync("chmod", ["755", world.dir]);
    mkdirSync(world.recordsDir);
    mkdirSync(world.storeDir);
    execFileSync("chown", ["1000:1000", world.recordsDir, world.storeDir]);
    const before = snapshotTree(world.targetDir);
    const call = callInProcess(bundle, "publishSkills", [{ ...request, sandboxUid: 1000 }], { uid: 1000 });
    await expect(call.result).rejects.toThrow(/SkillcrateError.*skills/);
    expect(snapshotTree(world.targetDir)).toEqual(before);
  });
});

describe("a mirror that somebody has changed", () => {
  const evil = "evil-51ab";

  /** Mirrored, then changed; what is live afterwards is what the sources hold, and nothing of the evil is left. */
  async function expectRestored(change: (world: MirrorWorld, victim: string) => void): Promise<void> {
    const { world, victim, request } = worldWithVictim();
    const first = await publishSkills(request);
    const before = snapshotTree(victim);
    change(world, victim);
    try {
      const { generation } = await publishSkills(request);
      expect(generation.id).toBe(first.generation.id);
      expect(checkMirror(world.targetDir)?.manifest.id).toBe(first.generation.id);
      expect(readFileSync(join(world.targetDir, "one", "data.txt"), "utf8")).toBe("mine\n");
      expect(findText(world.targetDir, evil)).toEqual([]);
    } catch (error) {
      expect(error).toMatchObject({ code: "MIRROR_TARGET_FOREIGN" });
    }
    expect(snapshotTree(victim)).toEqual(before);
  }

  function liveVersion({ targetDir }: MirrorWorld): string {
    const live = readlinkSync(join(targetDir, ".live"));
    return join(targetDir, live, readlinkSync(join(targetDir, live, "one")));
  }

  test("a skill's stable name leads elsewhere", () =>
    expectRestored((world, victim) => {
      rmSync(join(world.targetDir, "one"));
      symlinkSync(victim, join(world.targetDir, "one"));
    }));

  test("what is live leads elsewhere", () =>
    expectRestored((world, victim) => {
      rmSync(join(world.targetDir, ".live"));
      symlinkSync(victim, join(world.targetDir, ".live"));
    }));

  test("a version leads elsewhere", () =>
    expectRestored((world, victim) => {
      const version = liveVersion(world);
      renameSync(version, `${version}-aside`);
      symlinkSync(victim, version);
    }));

  test("all versions lead elsewhere", () =>
    expectRestored((world, victim) => {
      rmSync(join(world.targetDir, ".versions"), { recursive: true });
      symlinkSync(join(victim, ".versions"), join(world.targetDir, ".versions"));
    }));

  test("its mark is a pipe, which nobody waits for", () =>
    expectRestored((world) => {
      rmSync(join(world.targetDir, ".skillcrate"));
      execFileSync("mkfifo", [join(world.targetDir, ".skillcrate")]);
    }));

  test("removed whole", () =>
    expectRestored((world) => rmSync(world.targetDir, { recursive: true, force: true })));

  test("the live generation removed", () =>
    expectRestored((world) =>
      rmSync(join(world.targetDir, readlinkSync(join(world.targetDir, ".live"))), { recursive: true }),
    ));

  test("a mirror that is complete and not ours, planted before the first run", async () => {
    const { world, request } = worldWithVictim();
    await publishSkills(request);
    const version = liveVersion(world);
    rmSync(join(version, "data.txt"));
    writeFileSync(join(version, "data.txt"), evil);
    // Somebody who owns the workspace can make this, byte for byte; the host's own records he cannot.
    rmSync(world.recordsDir, { recursive: true });
    rmSync(world.storeDir, { recursive: true });
    try {
      await publishSkills(request);
    } catch (error) {
      expect(error).toMatchObject({ code: "MIRROR_TARGET_FOREIGN" });
      return;
    }
    expect(findText(world.targetDir, evil)).toEqual([]);
  });

  test("copied aside and put back: nothing is trusted that is not the same files", () =>
    expectRestored((world) => {
      const copy = `${world.targetDir}-copy`;
      cpSync(world.targetDir, copy, { recursive: true, verbatimSymlinks: true });
      rmSync(world.targetDir, { recursive: true });
      renameSync(copy, world.targetDir);
    }));
});
