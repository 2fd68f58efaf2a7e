import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { copyFromWorkspace } from "../../src/sandbox/workspace/copy-from-workspace.ts";
import { seedWorkspace } from "../../src/sandbox/workspace/seed-workspace.ts";
import { stageMedia } from "../../src/sandbox/workspace/stage-media.ts";
import { type SandboxWorld, sandboxWorld, writeTree } from "../sandbox/workspace/sandbox-world.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { canMount } from "../support/can-mount.ts";
import { tempFolder } from "../support/temp-folder.ts";

const isLinux = process.platform === "linux";
if (!canMount) console.info("Left out: full and read-only disks; they need root and a mount.");

/** A disk of 256 KiB at `path`. */
function mountSmallDisk(path: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k,mode=755", "skillcrate-test", path]);
  onTestFinished(() => void execFileSync("umount", [path]));
}

describe.runIf(canMount)("a disk", () => {
  const big = Buffer.alloc(400_000, "x");

  function smallWorld(): SandboxWorld {
    const world = sandboxWorld();
    mountSmallDisk(world.workspaceDir);
    return world;
  }

  test("that is full: what was staged before is there, nothing short beside it, and smaller things still fit", async () => {
    const { workspaceDir } = smallWorld();
    const stage = (bytes: Buffer) => stageMedia({ workspaceDir, owner: null, media: { bytes } });
    const { hostPath } = await stage(Buffer.from("first"));
    await expect(stage(big)).rejects.toMatchObject({
      code: "WORKSPACE_WRITE_FAILED",
      message: expect.stringContaining("ENOSPC"),
    });
    expect(readdirSync(join(hostPath, ".."))).toHaveLength(1);
    await stage(Buffer.from("second"));
    expect(readFileSync(hostPath, "utf8")).toBe("first");
  });

  test("that is full while files are seeded: none is short, and the rest comes once there is room", async () => {
    const world = smallWorld();
    writeTree(world.agentDir, { "AGENTS.md": "rules", "SOUL.md": big.toString() });
    const seed = () => seedWorkspace({ ...world, owner: null, files: ["AGENTS.md", "SOUL.md"] });
    await expect(seed()).rejects.toMatchObject({ code: "WORKSPACE_WRITE_FAILED" });
    expect(readdirSync(world.workspaceDir)).toEqual(["AGENTS.md"]);
    execFileSync("mount", ["-o", "remount,size=2m", world.workspaceDir]);
    expect((await seed()).seeded).toEqual(["SOUL.md"]);
  });

  test("that is full while results are copied to it: nothing is left", async () => {
    const world = sandboxWorld();
    const results = join(world.root, "results");
    mkdirSync(results);
    mountSmallDisk(results);
    writeTree(world.workspaceDir, { "out/a": "a", "out/b": big.toString() });
    for (const path of ["out", "out/b"]) {
      const copying = copyFromWorkspace({ mounts: world.mounts, path, destination: join(results, "copy") });
      await expect(copying).rejects.toMatchObject({ code: "WORKSPACE_WRITE_FAILED" });
      expect(readdirSync(results)).toEqual([]);
    }
  });

  test("that is read-only", async () => {
    const world = smallWorld();
    writeTree(world.agentDir, { "AGENTS.md": "x" });
    execFileSync("mount", ["-o", "remount,ro", world.workspaceDir]);
    const refused = { code: "WORKSPACE_WRITE_FAILED", message: expect.stringContaining("read-only") };
    await expect(stageMedia({ ...world, owner: null, media: { bytes: big } })).rejects.toMatchObject(refused);
    await expect(seedWorkspace({ ...world, owner: null })).rejects.toMatchObject(refused);
  });
});

const gateway = ["copy-from", "list", "read-from", "seed"].map(
  (name) => `sandbox/workspace/${name}-workspace.ts`,
);
const bundleGateway = () => bundleSource([...gateway, "sandbox/workspace/stage-media.ts"], tempFolder());

describe.runIf(isLinux)("a process", () => {
  test("without descriptors: an error of the machine, not of the file, and nothing left half done", async () => {
    const world = sandboxWorld();
    writeTree(world.workspaceDir, { "a/b/file": "x" });
    writeTree(world.agentDir, { "AGENTS.md": "x" });
    mkdirSync(join(world.root, "results"));
    const code = `
      import { closeSync, openSync } from "node:fs";
      import { copyFromWorkspace, listWorkspace, readFromWorkspace, seedWorkspace, stageMedia }
        from ${JSON.stringify(await bundleGateway())};
      const world = ${JSON.stringify(world)};
      const { mounts } = world;
      const calls = {
        read: () => readFromWorkspace({ mounts, path: "a/b/file" }),
        list: () => listWorkspace({ mounts, path: "a/b" }),
        copy: (turn) => copyFromWorkspace({ mounts, path: "a", destination: world.root + "/results/" + turn }),
        stage: () => stageMedia({ ...world, owner: null, media: { bytes: Buffer.from("x") } }),
        seed: () => seedWorkspace({ ...world, owner: null }),
      };
      await calls.seed();
      delete calls.seed;
      const outcomes = {};
      for (const [name, call] of Object.entries(calls)) {
        const seen = outcomes[name] = new Set();
        for (let left = 0; left < 12; left += 1) {
          const taken = [];
          try { for (;;) taken.push(openSync("/dev/null")); } catch {}
          for (const fd of taken.splice(0, left)) closeSync(fd);
          try { await call(left); seen.add("done"); } catch (error) { seen.add(error.code ?? error.stack); }
          for (const fd of taken) closeSync(fd);
        }
      }
      console.log(JSON.stringify(outcomes, (key, value) => value instanceof Set ? [...value] : value));`;
    const script = 'ulimit -n 64; exec "$0" --input-type=module -e "$1"';
    const { stdout, stderr } = spawnSync("bash", ["-c", script, process.execPath, code], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    for (const outcomes of Object.values(JSON.parse(stdout)))
      expect(outcomes).toEqual(["DISK_FAILED", "done"]);
    for (const name of readdirSync(join(world.root, "results"))) {
      expect(readFileSync(join(world.root, "results", name, "b", "file"), "utf8")).toBe("x");
    }
    for (const name of readdirSync(join(world.workspaceDir, "media", "inbound"))) {
      expect(statSync(join(world.workspaceDir, "media", "inbound", name)).size).toBe(1);
    }
  });

  test("killed while it stages: no name leads to half a file, and what is left goes in time", async () => {
    const { workspaceDir } = sandboxWorld();
    const inbound = join(workspaceDir, "media", "inbound");
    const code = `import { stageMedia } from ${JSON.stringify(await bundleGateway())};
      async function* slow() { for (;;) { yield Buffer.alloc(1000); await new Promise((done) => setTimeout(done, 5)); } }
      await stageMedia({ workspaceDir: ${JSON.stringify(workspaceDir)}, owner: null, media: { stream: slow() } });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "inherit" });
    const half = () => (existsSync(inbound) ? readdirSync(inbound) : []);
    while (half().length === 0) await delay(5);
    child.kill("SIGKILL");
    await new Promise((done) => child.on("close", done));
    const [name = "", ...others] = half();
    expect([others, name]).toEqual([[], expect.stringMatching(/^\.skillcrate-[0-9a-f]{24}\.new$/)]);
    expect(statSync(join(inbound, name)).mode & 0o777).toBe(0o600);
    writeFileSync(join(inbound, name), "half");
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(join(inbound, name), hoursAgo, hoursAgo);
    const staged = await stageMedia({ workspaceDir, owner: null, media: { bytes: Buffer.from("whole") } });
    expect(readdirSync(inbound)).toEqual([staged.name]);
  });
});
