import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { sandboxWorld, writeTree } from "../sandbox/workspace/sandbox-world.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { tempFolder } from "../support/temp-folder.ts";

const run = promisify(execFile);

/** What one call came to, over all of its file operations, each failed in turn. */
interface Tally {
  readonly operations: number;
  readonly codes: readonly string[];
  /** Names that should not be, with what they hold. */
  readonly wrong: readonly string[];
  /** Operations whose failure left a descriptor open. */
  readonly leaked: readonly string[];
}

/** An error of ours tells the operation that failed apart from input that cannot be used. */
const ours = /^(done|INPUT_INVALID|(WORKSPACE|STATE|DISK)_[A-Z_]+)$/;

/**
 * Makes each call again and again, its first, second, … file operation failing, until none is left to fail; after each,
 * looks at what it left and makes it once more without a fault.
 */
const program = (disk: string, bundle: string, world: object) => `
  import fs from "node:fs";
  import { createFailingDisk } from ${JSON.stringify(disk)};
  const disk = await createFailingDisk();
  const { copyFromWorkspace, isMediaName, isStagedName, readFromWorkspace, seedWorkspace, stageMedia } =
    await import(${JSON.stringify(bundle)});
  const ours = ${ours};
  const world = ${JSON.stringify(world)};
  const { mounts, workspaceDir, agentDir, recordsDir, root } = world;
  const results = root + "/results", inbound = workspaceDir + "/media/inbound", seeded = root + "/scope/seeded";
  const texts = (dir) => fs.existsSync(dir)
    ? fs.readdirSync(dir, { recursive: true }).filter((name) => fs.statSync(dir + "/" + name).isFile())
        .map((name) => [name, fs.readFileSync(dir + "/" + name, "utf8")]) : [];
  const clear = (dir) => fs.rmSync(dir, { recursive: true, force: true });
  const whole = "0123456789".repeat(20_000);
  const calls = {
    stage: {
      call: () => stageMedia({ workspaceDir, owner: null, media: { bytes: Buffer.from(whole) } }),
      wrong: () => texts(inbound).filter(([name, text]) => !isStagedName(name) && (!isMediaName(name) || text !== whole)),
      clear: () => clear(workspaceDir + "/media"),
    },
    copy: {
      call: async () => {
        const { files, diagnostics } = await copyFromWorkspace({ mounts, path: "out", destination: results + "/copy" });
        if (files + diagnostics.length !== 2) throw new Error("a file was left out in silence");
      },
      wrong: () => texts(results + "/copy").filter(([, text]) => text !== whole),
      clear: () => { clear(results); fs.mkdirSync(results); },
    },
    seed: {
      call: () => seedWorkspace({ agentDir, recordsDir, workspaceDir: seeded, owner: null, files: ["a", "b/c"] }),
      wrong: () => texts(seeded).filter(([name, text]) => !isStagedName(name) && text !== whole),
      clear: () => { clear(seeded); clear(recordsDir); },
    },
    read: {
      call: () => readFromWorkspace({ mounts, path: "out/b/c" }),
      wrong: () => [],
      clear: () => undefined,
    },
  };
  const tallies = {};
  for (const [name, { call, wrong, clear }] of Object.entries(calls)) {
    for (const errno of ["ENOSPC", "EIO", "EROFS", "EMFILE"]) {
      clear(); await call(); clear();
      const before = fs.readdirSync("/proc/self/fd").length;
      const codes = new Set(), bad = [], leaked = [];
      let at = 1;
      for (;; at += 1) {
        disk.arm(at, { kind: "once", errno });
        let code = "done";
        try { await call(); } catch (error) { code = String(error.code ?? error.stack); }
        const { failed } = disk.disarm();
        if (failed === null) break;
        codes.add(ours.test(code) ? code : code + " of " + failed);
        bad.push(...wrong().map(([file]) => file + " after " + failed));
        if (fs.readdirSync("/proc/self/fd").length > before + leaked.length) leaked.push(failed);
        clear();
        await call();
        bad.push(...wrong().map(([file]) => file + " without a fault"));
        clear();
      }
      tallies[name + " " + errno] = { operations: at - 1, codes: [...codes], wrong: bad, leaked };
    }
  }
  console.log(JSON.stringify(tallies));
`;

test.runIf(process.platform === "linux")(
  "any one file operation that fails: an error of ours, nothing short, nothing held open",
  async () => {
    const dir = memoryFolder();
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const world = sandboxWorld(dir);
    const whole = "0123456789".repeat(20_000);
    mkdirSync(join(world.root, "results"));
    writeTree(world.workspaceDir, { "out/a": whole, "out/b/c": whole });
    writeTree(world.agentDir, { a: whole, "b/c": whole });
    const workspace = [
      "copy-from-workspace",
      "media-name",
      "read-from-workspace",
      "seed-workspace",
      "stage-media",
    ];
    const modules = [...workspace.map((name) => `sandbox/workspace/${name}.ts`), "host/staged-file.ts"];
    const bundle = await bundleSource(modules, tempFolder());
    const disk = await bundleSource(["../test/support/failing-disk.ts"], tempFolder());
    const { stdout } = await run(process.execPath, [
      "--input-type=module",
      "-e",
      program(disk, bundle, world),
    ]);
    const tallies: Readonly<Record<string, Tally>> = JSON.parse(stdout);
    expect(Object.keys(tallies)).toHaveLength(4 * 4);
    for (const { operations, codes, wrong, leaked } of Object.values(tallies)) {
      expect(operations).toBeGreaterThan(8);
      expect(wrong).toEqual([]);
      expect(codes.filter((code) => !ours.test(code))).toEqual([]);
      expect(leaked).toEqual([]);
    }
  },
);
