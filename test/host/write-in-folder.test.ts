import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { closeFolder, type OpenFolder, openFolder } from "../../src/host/open-folder.ts";
import { createFileIn, makeFolderIn, replaceFileIn } from "../../src/host/write-in-folder.ts";
import { tempFolder } from "../support/temp-folder.ts";

const isRoot = process.getuid?.() === 0;
const plain = { mode: 0o644, owner: null };

function opened(path: string): OpenFolder {
  const result = openFolder(path);
  if (!result.ok) throw new Error(result.problem.kind);
  onTestFinished(() => closeFolder(result.folder));
  return result.folder;
}

function permissions(path: string): number {
  return statSync(path).mode & 0o7777;
}

describe("makeFolderIn", () => {
  test("makes a folder of exactly this mode, whatever the umask", () => {
    const root = tempFolder();
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    closeFolder(makeFolderIn(opened(root), "new", { mode: 0o775, owner: null }));
    expect(permissions(join(root, "new"))).toBe(0o775);
  });

  test("opens one that is there as it is", () => {
    const root = tempFolder();
    mkdirSync(join(root, "old"), { mode: 0o700 });
    writeFileSync(join(root, "old", "file"), "x");
    const folder = makeFolderIn(opened(root), "old", { mode: 0o755, owner: null });
    closeFolder(folder);
    expect(permissions(join(root, "old"))).toBe(0o700);
    expect(readdirSync(join(root, "old"))).toEqual(["file"]);
  });

  test.each([
    ["link", "ELOOP"],
    ["dangling", "ELOOP"],
    ["file", "ENOTDIR"],
  ])("something else with the name: a %s", (name, code) => {
    const root = tempFolder();
    symlinkSync(tempFolder(), join(root, "link"));
    symlinkSync("nowhere", join(root, "dangling"));
    writeFileSync(join(root, "file"), "x");
    expect(() => makeFolderIn(opened(root), name, { mode: 0o755, owner: null })).toThrow(
      expect.objectContaining({ code }),
    );
    expect(existsSync(join(root, "nowhere"))).toBe(false);
  });

  test.runIf(isRoot)("gives it its owner, also where a kill left one half made", () => {
    const root = tempFolder();
    mkdirSync(join(root, "half"), { mode: 0o700 });
    mkdirSync(join(root, "other"), { mode: 0o755 });
    for (const name of ["new", "half", "other"]) {
      closeFolder(makeFolderIn(opened(root), name, { mode: 0o750, owner: { uid: 1000, gid: 1001 } }));
    }
    expect(statSync(join(root, "new"))).toMatchObject({ uid: 1000, gid: 1001 });
    expect(statSync(join(root, "half"))).toMatchObject({ uid: 1000, gid: 1001 });
    expect(statSync(join(root, "other"))).toMatchObject({ uid: 0 });
    expect(permissions(join(root, "half"))).toBe(0o750);
  });
});

describe("replaceFileIn", () => {
  test("writes a file, and replaces one, with exactly this mode and nothing left beside it", () => {
    const root = tempFolder();
    const folder = opened(root);
    replaceFileIn(folder, "file", "one", plain);
    chmodSync(join(root, "file"), 0o600);
    replaceFileIn(folder, "file", Buffer.from("two"), { mode: 0o755, owner: null });
    expect(readFileSync(join(root, "file"), "utf8")).toBe("two");
    expect(permissions(join(root, "file"))).toBe(0o755);
    expect(readdirSync(root)).toEqual(["file"]);
  });

  test("replaces a link itself, never what it leads to", () => {
    const root = tempFolder();
    writeFileSync(join(root, "kept"), "kept");
    symlinkSync("kept", join(root, "file"));
    replaceFileIn(opened(root), "file", "new", plain);
    expect(lstatSync(join(root, "file")).isFile()).toBe(true);
    expect(readFileSync(join(root, "kept"), "utf8")).toBe("kept");
  });

  test("takes names as long as the system allows", () => {
    const root = tempFolder();
    const name = "ж".repeat(127);
    replaceFileIn(opened(root), name, "x", plain);
    expect(readdirSync(root)).toEqual([name]);
  });

  test("a folder in its place is left as it is, and nothing beside it", () => {
    const root = tempFolder();
    mkdirSync(join(root, "file"));
    expect(() => replaceFileIn(opened(root), "file", "x", plain)).toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(root)).toEqual(["file"]);
  });

  test.each(["", ".", "..", "../x", "a/b", "a\0b"])("refuses %j as a name", (name) => {
    const root = tempFolder();
    expect(() => replaceFileIn(opened(root), name, "x", plain)).toThrow(RangeError);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe("createFileIn", () => {
  test("writes a file where there is none, once", () => {
    const root = tempFolder();
    const folder = opened(root);
    expect(createFileIn(folder, "file", "one", plain)).toBe(true);
    expect(createFileIn(folder, "file", "two", plain)).toBe(false);
    expect(readFileSync(join(root, "file"), "utf8")).toBe("one");
    expect(permissions(join(root, "file"))).toBe(0o644);
    expect(statSync(join(root, "file")).nlink).toBe(1);
    expect(readdirSync(root)).toEqual(["file"]);
  });

  test("leaves links alone, those that lead nowhere too, and folders", () => {
    const root = tempFolder();
    symlinkSync("nowhere", join(root, "link"));
    mkdirSync(join(root, "folder"));
    expect(createFileIn(opened(root), "link", "x", plain)).toBe(false);
    expect(createFileIn(opened(root), "folder", "x", plain)).toBe(false);
    expect(readlinkSync(join(root, "link"))).toBe("nowhere");
    expect(readdirSync(root).sort()).toEqual(["folder", "link"]);
  });
});
