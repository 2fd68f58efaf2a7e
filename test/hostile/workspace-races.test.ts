import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { canary, type SandboxWorld, sandboxWorld, writeTree } from "../sandbox/workspace/sandbox-world.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { exchangePaths } from "../support/exchange-paths.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { tempFolder } from "../support/temp-folder.ts";

const isRoot = process.getuid?.() === 0;
const run = promisify(execFile);

/** How long the attacker has; the count of what succeeds and what is refused is what a test looks at, never a time. */
const attackMs = 1500;

const harmless = "harmless";

interface Tally {
  readonly succeeded: number;
  readonly codes: readonly string[];
  readonly leaks: readonly string[];
  readonly descriptors: readonly [number, number];
}

/** What a gateway does with a workspace, over and over, as a program of its own. */
function gatewayProgram(bundle: string, world: SandboxWorld): string {
  return `
    import { readdirSync } from "node:fs";
    import { copyFromWorkspace, listWorkspace, readFromWorkspace, seedWorkspace, stageMedia }
      from ${JSON.stringify(bundle)};
    const world = ${JSON.stringify(world)};
    const { mounts, workspaceDir, agentDir } = world;
    const codes = new Set(), leaks = [];
    let succeeded = 0, turn = 0;
    const calls = {
      read: () => readFromWorkspace({ mounts, path: "dir/secret.txt" }),
      follow: () => readFromWorkspace({ mounts, path: "dir/secret.txt", links: "inside" }),
      file: () => readFromWorkspace({ mounts, path: "out/file" }),
      list: () => listWorkspace({ mounts, path: "dir" }),
      copy: () => copyFromWorkspace({ mounts, path: "dir", destination: world.root + "/results/" + turn }),
      stage: () => stageMedia({ workspaceDir, owner: null, media: { bytes: Buffer.from("medium") },
        retention: { maxFiles: 5 } }),
      seed: () => seedWorkspace({ agentDir: workspaceDir, workspaceDir: world.root + "/results/seeded" + turn,
        recordsDir: world.root + "/results/records" + turn, owner: null, files: ["dir/secret.txt"] }),
    };
    // Everything is loaded, and has made what it makes once, before descriptors are counted.
    await calls.read().catch(() => 0); await calls.stage().catch(() => 0); await calls.seed().catch(() => 0);
    const count = () => readdirSync("/proc/self/fd").length;
    const before = count();
    for (const end = Date.now() + ${attackMs}; Date.now() < end; turn += 1) {
      for (const [name, call] of Object.entries(calls)) {
        try {
          const result = await call();
          if (JSON.stringify(result.bytes?.toString() ?? result).includes(${JSON.stringify(canary)})) leaks.push(name);
          if (name === "list" && result.entries.some((entry) => entry.name === "only-outside")) leaks.push(name);
          succeeded += 1;
        } catch (error) {
          codes.add(error.code ?? error.stack);
        }
      }
    }
    console.log(JSON.stringify({ succeeded, codes: [...codes], leaks, descriptors: [before, count()] }));
  `;
}

const attacked = ["media", "media/inbound", "dir", "out/file"];

/** Beside each thing that is attacked a link that leads out, to exchange it with. */
function prepare(world: SandboxWorld): void {
  mkdirSync(join(world.root, "outside", "inbound"));
  mkdirSync(join(world.root, "results"));
  writeTree(world.root, { "outside/only-outside": canary });
  writeTree(world.workspaceDir, { "dir/secret.txt": harmless, "out/file": harmless, "media/inbound/x": "" });
  symlinkSync("../../outside", join(world.workspaceDir, "media-link"));
  symlinkSync("../../../outside", join(world.workspaceDir, "media", "inbound-link"));
  symlinkSync(join(world.root, "outside"), join(world.workspaceDir, "dir-link"));
  symlinkSync(world.secretFile, join(world.workspaceDir, "out", "file-link"));
}

function give(path: string, uid: number): void {
  chownSync(path, uid, uid);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) give(join(path, entry.name), uid);
  }
}

describe.runIf(process.platform === "linux")("a program that exchanges folders and files with links", () => {
  test.each(isRoot ? [0, 1000] : [process.getuid?.() ?? 0])(
    "against a gateway of uid %i: gets nothing",
    async (uid) => {
      const world = sandboxWorld(memoryFolder());
      onTestFinished(() => rmSync(world.root, { recursive: true, force: true }));
      prepare(world);
      const bundle = await bundleGateway();
      if (isRoot) give(world.root, uid);
      const before = readdirSync(join(world.root, "outside"));
      const pairs = attacked
        .map((path) => join(world.workspaceDir, path))
        .map((path) => [path, `${path}-link`] as const);
      const attacker = exchangePaths(pairs);
      const { stdout } = await run(
        process.execPath,
        ["--input-type=module", "-e", gatewayProgram(bundle, world)],
        isRoot ? { uid, gid: uid } : {},
      );
      const exchanges = await attacker.stop();
      const tally: Tally = JSON.parse(stdout);
      expect(tally.leaks).toEqual([]);
      expect(readdirSync(join(world.root, "outside"))).toEqual(before);
      expect(readdirSync(join(world.root, "outside", "inbound"))).toEqual([]);
      expect(readFileSync(world.secretFile, "utf8")).toBe(canary);
      expect(textsBelow(join(world.root, "results"))).not.toContain(canary);
      expect(tally.descriptors[1]).toBe(tally.descriptors[0]);
      // It was a fight: both had their successes, and refusals are ours, each with its reason.
      expect(exchanges).toBeGreaterThan(1000);
      expect(tally.succeeded).toBeGreaterThan(50);
      expect(tally.codes).toContain("WORKSPACE_LINK");
      expect(tally.codes.filter((code) => !code.startsWith("WORKSPACE_"))).toEqual([]);
    },
  );
});

async function bundleGateway(): Promise<string> {
  const dir = tempFolder();
  chmodSync(dir, 0o755);
  const modules = ["copy-from", "list", "read-from", "seed"].map(
    (name) => `sandbox/workspace/${name}-workspace.ts`,
  );
  return bundleSource([...modules, "sandbox/workspace/stage-media.ts"], dir);
}

function textsBelow(dir: string): Set<string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Set(files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8")));
}
