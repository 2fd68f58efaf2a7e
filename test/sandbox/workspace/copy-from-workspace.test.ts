import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type CopyFromWorkspaceRequest,
  copyFromWorkspace,
} from "../../../src/sandbox/workspace/copy-from-workspace.ts";
import { canary, countDescriptors, type SandboxWorld, sandboxWorld, writeTree } from "./sandbox-world.ts";

let world: SandboxWorld;
let results: string;
let descriptors: number;

beforeEach(() => {
  world = sandboxWorld();
  results = join(world.root, "results");
  mkdirSync(results);
  descriptors = countDescriptors();
});

afterEach(() => expect(countDescriptors()).toBe(descriptors));

const copy = (path: string, options: Partial<CopyFromWorkspaceRequest> = {}) =>
  copyFromWorkspace({ mounts: world.mounts, path, destination: join(results, "copy"), ...options });

const modeOf = (path: string) => lstatSync(path).mode & 0o7777;

describe("a file", () => {
  test("is copied with its executable bit and no other", async () => {
    writeTree(world.workspaceDir, { "a.sh": "#!", b: "x" });
    chmodSync(join(world.workspaceDir, "a.sh"), 0o6777);
    chmodSync(join(world.workspaceDir, "b"), 0o600);
    expect(await copy("a.sh")).toEqual({
      insidePath: "/workspace/a.sh",
      destination: join(results, "copy"),
      files: 1,
      bytes: 2,
      diagnostics: [],
    });
    await copy("b", { destination: join(results, "b") });
    expect([modeOf(join(results, "copy")), modeOf(join(results, "b"))]).toEqual([0o755, 0o644]);
    expect(readdirSync(results).sort()).toEqual(["b", "copy"]);
  });

  test("replaces a file only where that was asked for, and follows no link", async () => {
    writeTree(world.workspaceDir, { new: "new" });
    const destination = join(results, "copy");
    for (const plant of [
      () => writeFileSync(destination, "old"),
      () => symlinkSync(world.secretFile, destination),
      () => symlinkSync("../made-by-a-link", destination),
    ]) {
      plant();
      await expect(copy("new")).rejects.toMatchObject({ code: "WORKSPACE_EXISTS" });
      await copy("new", { overwrite: true });
      expect([lstatSync(destination).isFile(), readFileSync(destination, "utf8")]).toEqual([true, "new"]);
      execFileSync("rm", [destination]);
    }
    expect(readFileSync(world.secretFile, "utf8")).toBe(canary);
    expect(existsSync(join(world.root, "made-by-a-link"))).toBe(false);
  });

  test("never takes the place of a folder", async () => {
    writeTree(world.workspaceDir, { new: "new" });
    mkdirSync(join(results, "copy"));
    await expect(copy("new")).rejects.toMatchObject({ code: "WORKSPACE_EXISTS" });
    await expect(copy("new", { overwrite: true })).rejects.toMatchObject({ code: "WORKSPACE_WRITE_FAILED" });
    expect(readdirSync(results)).toEqual(["copy"]);
  });
});

describe("a folder", () => {
  test("is copied with all that is regular in it; the rest is said", async () => {
    writeTree(world.workspaceDir, { "out/a": "1", "out/b/c": "22", "out/b/d/run": "#!" });
    chmodSync(join(world.workspaceDir, "out/b/d/run"), 0o4755);
    symlinkSync("/etc/shadow", join(world.workspaceDir, "out/shadow"));
    symlinkSync("..", join(world.workspaceDir, "out/b/up"));
    execFileSync("mkfifo", [join(world.workspaceDir, "out/pipe")]);
    writeFileSync(Buffer.concat([Buffer.from(`${world.workspaceDir}/out/`), Buffer.from([0x62, 0xff])]), "");
    const { files, bytes, diagnostics } = await copy("out");
    expect([files, bytes]).toEqual([3, 5]);
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        "WORKSPACE_ENTRY_LEFT_OUT",
        expect.stringContaining('"/workspace/out/b/up" was not copied: it is a symbolic'),
      ],
      ["WORKSPACE_ENTRY_LEFT_OUT", expect.stringContaining("its name is not UTF-8")],
      [
        "WORKSPACE_ENTRY_LEFT_OUT",
        expect.stringContaining('"/workspace/out/pipe" was not copied: it is a named pipe'),
      ],
      [
        "WORKSPACE_ENTRY_LEFT_OUT",
        expect.stringContaining('"/workspace/out/shadow" was not copied: it is a symbolic'),
      ],
    ]);
    const copied = ["", "a", "b", "b/c", "b/d", "b/d/run"];
    expect(readdirSync(join(results, "copy"), { recursive: true }).sort()).toEqual(copied.slice(1));
    expect(copied.map((path) => modeOf(join(results, "copy", path)))).toEqual([
      0o755, 0o644, 0o755, 0o644, 0o755, 0o755,
    ]);
    expect(readdirSync(results)).toEqual(["copy"]);
  });

  test.each([
    ["maxEntries", 3],
    ["maxBytes", 2],
    ["maxDepth", 2],
  ])("beyond %s nothing is copied", async (limit, value) => {
    writeTree(world.workspaceDir, { "out/a": "1", "out/b/c": "22", "out/b/d/e": "" });
    await expect(copy("out", { limits: { [limit]: value } })).rejects.toMatchObject({
      code: "WORKSPACE_TOO_LARGE",
    });
    expect(readdirSync(results)).toEqual([]);
    await copy("out", { limits: { [limit]: value + 2 } });
  });

  test("never takes the place of anything", async () => {
    writeTree(world.workspaceDir, { "out/a": "1" });
    const destination = join(results, "copy");
    for (const plant of [
      () => mkdirSync(destination),
      () => writeFileSync(destination, ""),
      () => symlinkSync(join(world.root, "outside"), destination),
    ]) {
      plant();
      for (const overwrite of [false, true]) {
        await expect(copy("out", { overwrite })).rejects.toMatchObject({ code: "WORKSPACE_EXISTS" });
      }
      expect(readdirSync(results)).toEqual(["copy"]);
      execFileSync("rm", ["-r", destination]);
    }
    expect(readdirSync(join(world.root, "outside"))).toEqual(["secret.txt"]);
  });

  test("300 levels deep is refused at the limit, and nothing is left", async () => {
    const code = `const { mkdirSync } = require("node:fs");
      for (let level = 0; level < 300; level += 1) { mkdirSync("d"); process.chdir("d"); }`;
    execFileSync(process.execPath, ["-e", code], { cwd: world.workspaceDir });
    await expect(copy("d")).rejects.toMatchObject({ code: "WORKSPACE_TOO_LARGE" });
    expect(readdirSync(results)).toEqual([]);
    execFileSync("rm", ["-r", join(world.workspaceDir, "d")]);
  });

  test("stops on the signal and leaves nothing", async () => {
    for (let index = 0; index < 500; index += 1) writeTree(world.workspaceDir, { [`out/${index}`]: "x" });
    const stopped = new AbortController();
    const copying = copy("out", { signal: stopped.signal });
    while (readdirSync(results).length === 0) await new Promise((done) => setImmediate(done));
    stopped.abort();
    await expect(copying).rejects.toMatchObject({ code: "CANCELLED" });
    expect(readdirSync(results)).toEqual([]);
  });
});

test.each(["relative", "/", "/nothing/here/copy"])("the destination %s is refused", async (destination) => {
  writeTree(world.workspaceDir, { file: "x" });
  await expect(copy("file", { destination })).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("of the whole workspace comes what is its own", async () => {
  writeTree(world.workspaceDir, { a: "1", "skills/gog/SKILL.md": "the skill", "home/x": "covered" });
  const { files, diagnostics } = await copy(".");
  expect([files, readdirSync(join(results, "copy"))]).toEqual([1, ["a"]]);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    expect.stringContaining('"/workspace/home" was not copied'),
    expect.stringContaining('"/workspace/skills" was not copied'),
  ]);
});

test("the skills that are mounted are copied as what their links lead to", async () => {
  const skills = join(world.workspaceDir, "skills");
  writeTree(skills, { ".versions/abc/SKILL.md": "the skill" });
  symlinkSync(".versions/abc", join(skills, "gog"));
  expect(await copy("skills/gog")).toMatchObject({ files: 1, insidePath: "/workspace/skills/.versions/abc" });
});
