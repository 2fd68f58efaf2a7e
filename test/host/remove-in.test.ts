import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { closeFolder, type OpenFolder, openFolder } from "../../src/host/open-folder.ts";
import { removeIn, removeTreeIn } from "../../src/host/remove-in.ts";
import { bundleSource } from "../support/bundle-source.ts";
import { canMount } from "../support/can-mount.ts";
import { memoryFolder } from "../support/memory-folder.ts";
import { tempFolder } from "../support/temp-folder.ts";

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === "linux";

function opened(path: string): OpenFolder {
  const result = openFolder(path);
  if (!result.ok) throw new Error(result.problem.kind);
  onTestFinished(() => closeFolder(result.folder));
  return result.folder;
}

function inMemory(): string {
  const dir = memoryFolder();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** `levels` folders called `d`, one in the other, below `dir`; too deep to be named from outside. */
function makeDeep(dir: string, levels: number, asUser: { uid?: number; gid?: number } = {}): void {
  const code = `const { mkdirSync, writeFileSync } = require("node:fs");
    for (let level = 0; level < ${levels}; level += 1) { mkdirSync("d"); process.chdir("d"); }
    writeFileSync("x", "x");`;
  execFileSync(process.execPath, ["-e", code], { cwd: dir, ...asUser });
}

describe("removeIn", () => {
  test("takes files, links themselves, and whole trees; nothing is no error", () => {
    const root = tempFolder();
    const kept = tempFolder();
    writeFileSync(join(kept, "kept"), "x");
    mkdirSync(join(root, "tree", "a", "b"), { recursive: true });
    writeFileSync(join(root, "tree", "a", "b", "file"), "x");
    symlinkSync(kept, join(root, "tree", "a", "link"));
    symlinkSync(kept, join(root, "link"));
    writeFileSync(join(root, "file"), "x");
    const folder = opened(root);
    for (const name of ["tree", "link", "file", "gone"]) removeIn(folder, name);
    expect(readdirSync(root)).toEqual([]);
    expect(readFileSync(join(kept, "kept"), "utf8")).toBe("x");
  });

  test.each(["", ".", "..", "a/b", "/", "a\0b"])("refuses %j as a name", (name) => {
    const root = tempFolder();
    const folder = opened(root);
    expect(() => removeIn(folder, name)).toThrow(RangeError);
    expect(existsSync(root)).toBe(true);
  });

  test("takes names that are not UTF-8, more than one batch of them", () => {
    const root = tempFolder();
    mkdirSync(join(root, "tree"));
    for (let index = 0; index < 600; index += 1) writeFileSync(join(root, "tree", `f${index}`), "");
    const name = Buffer.concat([Buffer.from(`${root}/tree/`), Buffer.from([0x62, 0xff, 0xfe])]);
    mkdirSync(name);
    writeFileSync(Buffer.concat([name, Buffer.from("/\xff", "latin1")]), "");
    removeIn(opened(root), "tree");
    expect(readdirSync(root)).toEqual([]);
  });

  test.runIf(isLinux)("with 64 descriptors takes a tree of 3,500 levels", async () => {
    const root = inMemory();
    makeDeep(root, 3500);
    const bundle = await bundleSource(["host/remove-in.ts", "host/open-folder.ts"], tempFolder());
    const code = `import { openFolder, removeIn } from ${JSON.stringify(bundle)};
      removeIn(openFolder(${JSON.stringify(root)}).folder, "d");`;
    const script = 'ulimit -n 64; exec "$0" --input-type=module -e "$1"';
    const { status, stderr } = spawnSync("bash", ["-c", script, process.execPath, code], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(readdirSync(root)).toEqual([]);
  });

  test.runIf(isLinux)("as an ordinary user takes folders that nobody may read, write or enter", async () => {
    const root = tempFolder();
    const scripts = tempFolder();
    mkdirSync(join(root, "tree", "closed", "below"), { recursive: true });
    writeFileSync(join(root, "tree", "closed", "below", "file"), "x", { mode: 0 });
    makeDeep(join(root, "tree"), 40);
    chmodSync(join(root, "tree", ...Array<string>(33).fill("d")), 0o500);
    chmodSync(join(root, "tree", "closed", "below"), 0o100);
    chmodSync(join(root, "tree", "closed"), 0);
    if (isRoot) execFileSync("chown", ["-R", "1000:1000", root]);
    const bundle = await bundleSource(["host/remove-in.ts", "host/open-folder.ts"], scripts);
    chmodSync(scripts, 0o755);
    const code = `import { openFolder, removeIn } from ${JSON.stringify(bundle)};
      removeIn(openFolder(${JSON.stringify(root)}).folder, "tree");`;
    execFileSync(
      process.execPath,
      ["--input-type=module", "-e", code],
      isRoot ? { uid: 1000, gid: 1000 } : {},
    );
    expect(readdirSync(root)).toEqual([]);
  });

  test.runIf(canMount)("does not go into what is mounted below", () => {
    const root = tempFolder();
    const other = tempFolder();
    writeFileSync(join(other, "kept"), "x");
    mkdirSync(join(root, "tree", "mounted"), { recursive: true });
    execFileSync("mount", ["--bind", other, join(root, "tree", "mounted")]);
    try {
      expect(() => removeIn(opened(root), "tree")).toThrow(/EXDEV/);
      expect(readdirSync(other)).toEqual(["kept"]);
    } finally {
      execFileSync("umount", [join(root, "tree", "mounted")]);
    }
  });

  test("what was swapped for a link after it was opened is emptied where it is now, and the link goes", () => {
    const root = tempFolder();
    const kept = tempFolder();
    writeFileSync(join(kept, "kept"), "x");
    mkdirSync(join(root, "tree", "zz"), { recursive: true });
    writeFileSync(join(root, "tree", "file"), "x");
    const folder = opened(join(root, "tree"));
    renameSync(join(root, "tree"), join(root, "moved"));
    symlinkSync(kept, join(root, "tree"));
    removeIn(folder, "zz");
    removeIn(opened(root), "tree");
    expect(readdirSync(root)).toEqual(["moved"]);
    expect(readdirSync(join(root, "moved"))).toEqual(["file"]);
    expect(readdirSync(kept)).toEqual(["kept"]);
  });
});

describe("removeTreeIn", () => {
  test("lets the event loop turn, and stops on the signal", async () => {
    const root = inMemory();
    mkdirSync(join(root, "tree"));
    for (let index = 0; index < 2000; index += 1) writeFileSync(join(root, "tree", `f${index}`), "");
    const folder = opened(root);
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    onTestFinished(() => clearInterval(timer));
    const stopped = new AbortController();
    setImmediate(() => stopped.abort());
    await expect(removeTreeIn(folder, "tree", stopped.signal)).rejects.toMatchObject({ code: "CANCELLED" });
    expect(existsSync(join(root, "tree"))).toBe(true);
    await removeTreeIn(folder, "tree");
    expect(turns).toBeGreaterThan(0);
    expect(readdirSync(root)).toEqual([]);
  });
});

test.runIf(isRoot)("a folder of another user is taken by root", () => {
  const root = tempFolder();
  mkdirSync(join(root, "tree"));
  writeFileSync(join(root, "tree", "file"), "x");
  chownSync(join(root, "tree"), 1000, 1000);
  removeIn(opened(root), "tree");
  expect(lstatSync(join(root, "tree"), { throwIfNoEntry: false })).toBeUndefined();
});
