import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  defaultSeedFiles,
  type SeedWorkspaceRequest,
  seedWorkspace,
} from "../../../src/sandbox/workspace/seed-workspace.ts";
import { canary, countDescriptors, type SandboxWorld, sandboxWorld, writeTree } from "./sandbox-world.ts";

const isRoot = process.getuid?.() === 0;

let world: SandboxWorld;
let descriptors: number;

beforeEach(() => {
  world = sandboxWorld();
  descriptors = countDescriptors();
});

afterEach(() => expect(countDescriptors()).toBe(descriptors));

const seed = (options: Partial<SeedWorkspaceRequest> = {}) =>
  seedWorkspace({
    agentDir: world.agentDir,
    workspaceDir: world.workspaceDir,
    recordsDir: world.recordsDir,
    owner: null,
    ...options,
  });

const inWorkspace = (path: string) => join(world.workspaceDir, path);

describe("a new workspace", () => {
  test("gets the agent's files, each once, whatever the sandbox does with them", async () => {
    writeTree(world.agentDir, Object.fromEntries(defaultSeedFiles.map((name) => [name, `of ${name}`])));
    rmSync(world.workspaceDir, { recursive: true });
    expect(await seed()).toEqual({ seeded: defaultSeedFiles, present: [], missing: [], diagnostics: [] });
    for (const name of defaultSeedFiles) expect(readFileSync(inWorkspace(name), "utf8")).toBe(`of ${name}`);
    writeFileSync(inWorkspace("SOUL.md"), "changed inside");
    rmSync(inWorkspace("BOOTSTRAP.md"));
    writeTree(world.agentDir, { "AGENTS.md": "changed outside" });
    expect(await seed()).toEqual({ seeded: [], present: [], missing: [], diagnostics: [] });
    expect(readFileSync(inWorkspace("SOUL.md"), "utf8")).toBe("changed inside");
    expect(readFileSync(inWorkspace("AGENTS.md"), "utf8")).toBe("of AGENTS.md");
    expect(existsSync(inWorkspace("BOOTSTRAP.md"))).toBe(false);
    expect(readdirSync(world.workspaceDir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  test("files have their modes and owner from the first moment, with the folders above them", async () => {
    writeTree(world.agentDir, { "notes/deep/rules.md": "x" });
    const owner = isRoot ? { uid: 1000, gid: 1001 } : null;
    expect((await seed({ files: ["./notes//deep/rules.md"], owner })).seeded).toEqual([
      "notes/deep/rules.md",
    ]);
    expect(statSync(inWorkspace("notes/deep/rules.md")).mode & 0o7777).toBe(0o644);
    expect(statSync(inWorkspace("notes/deep")).mode & 0o7777).toBe(0o755);
    if (!isRoot) return;
    for (const path of ["notes", "notes/deep", "notes/deep/rules.md"]) {
      expect(statSync(inWorkspace(path))).toMatchObject({ uid: 1000, gid: 1001 });
    }
  });

  test("what is there is kept, and not seeded later where it is deleted", async () => {
    writeTree(world.agentDir, { "AGENTS.md": "of the agent", "SOUL.md": "of the agent" });
    writeTree(world.workspaceDir, { "AGENTS.md": "of the sandbox" });
    symlinkSync("nowhere", inWorkspace("SOUL.md"));
    expect(await seed()).toMatchObject({ seeded: [], present: ["AGENTS.md", "SOUL.md"] });
    expect(readFileSync(inWorkspace("AGENTS.md"), "utf8")).toBe("of the sandbox");
    expect(existsSync(inWorkspace("nowhere"))).toBe(false);
    rmSync(inWorkspace("AGENTS.md"));
    expect((await seed()).seeded).toEqual([]);
  });

  test("what the agent has not yet comes when it has it", async () => {
    expect((await seed({ files: ["USER.md"] })).missing).toEqual(["USER.md"]);
    // Nothing was seeded, and nothing was written to find that out: most agents lack one of the files for good.
    expect(existsSync(world.recordsDir)).toBe(false);
    writeTree(world.agentDir, { "USER.md": "x" });
    expect((await seed({ files: ["USER.md"] })).seeded).toEqual(["USER.md"]);
  });

  test("several at once: each file is written by one", async () => {
    writeTree(world.agentDir, { "AGENTS.md": "x", "SOUL.md": "x" });
    const results = await Promise.all([seed(), seed(), seed(), seed()]);
    expect(results.flatMap(({ seeded }) => seeded).sort()).toEqual(["AGENTS.md", "SOUL.md"]);
  });

  test("what one seeded and the sandbox has deleted, those who waited for it do not seed again", async () => {
    writeTree(world.agentDir, { "BOOTSTRAP.md": "x" });
    const files = ["BOOTSTRAP.md"];
    const take = async () => {
      const { seeded } = await seed({ files });
      for (const path of seeded) rmSync(inWorkspace(path));
      return seeded;
    };
    const results = await Promise.all([take(), take(), take(), take()]);
    expect(results.flat()).toEqual(["BOOTSTRAP.md"]);
    expect(existsSync(inWorkspace("BOOTSTRAP.md"))).toBe(false);
  });

  test("a workspace that is the agent's own is left as it is", async () => {
    writeTree(world.agentDir, { "AGENTS.md": "x" });
    expect(await seed({ workspaceDir: world.agentDir })).toMatchObject({
      seeded: [],
      present: ["AGENTS.md"],
    });
  });
});

describe("paths that cannot be seeded are said, and the others are", () => {
  test.each([
    "",
    "..",
    "../x",
    "a/../../x",
    "/etc/passwd",
    "notes/",
    "skills/x",
    "home/.netrc",
    "a\0",
    `${"x/".repeat(17)}x`,
    "y".repeat(256),
  ])("%j", async (path) => {
    writeTree(world.agentDir, { "AGENTS.md": "x" });
    const { seeded, diagnostics } = await seed({ files: [path, "AGENTS.md"] });
    expect(seeded).toEqual(["AGENTS.md"]);
    expect(diagnostics).toMatchObject([{ code: "WORKSPACE_SEED_PATH", severity: "error" }]);
  });
});

describe("an agent's workspace that a sandbox has written", () => {
  test.each<[string, () => void]>([
    ["a link out", () => symlinkSync(world.secretFile, join(world.agentDir, "SOUL.md"))],
    ["a relative link out", () => symlinkSync("../outside/secret.txt", join(world.agentDir, "SOUL.md"))],
    ["a pipe", () => execFileSync("mkfifo", [join(world.agentDir, "SOUL.md")])],
    ["a folder", () => mkdirSync(join(world.agentDir, "SOUL.md"))],
    ["too large", () => writeFileSync(join(world.agentDir, "SOUL.md"), Buffer.alloc(101))],
  ])("%s: nothing of it reaches the sandbox, the rest does", async (_, plant) => {
    writeTree(world.agentDir, { "AGENTS.md": "x" });
    plant();
    const { seeded, diagnostics } = await seed({ maxBytesPerFile: 100 });
    expect(seeded).toEqual(["AGENTS.md"]);
    expect(diagnostics).toMatchObject([{ code: "WORKSPACE_SEED_REFUSED", severity: "warning" }]);
    expect(existsSync(inWorkspace("SOUL.md"))).toBe(false);
    // Once it is right, it is seeded.
    rmSync(join(world.agentDir, "SOUL.md"), { recursive: true });
    writeTree(world.agentDir, { "SOUL.md": "right" });
    expect((await seed()).seeded).toEqual(["SOUL.md"]);
  });

  test("links that stay inside are followed where that was asked for", async () => {
    writeTree(world.agentDir, { "CLAUDE.md": "x" });
    symlinkSync("CLAUDE.md", join(world.agentDir, "AGENTS.md"));
    symlinkSync(world.secretFile, join(world.agentDir, "SOUL.md"));
    const { seeded, diagnostics } = await seed({ links: "inside" });
    expect([seeded, diagnostics.length]).toEqual([["AGENTS.md"], 1]);
    expect(lstatSync(inWorkspace("AGENTS.md")).isFile()).toBe(true);
  });
});

describe("a workspace that a sandbox has prepared", () => {
  test.each<[string, () => void]>([
    ["a link out in the place of a folder", () => symlinkSync("../../outside", inWorkspace("notes"))],
    ["a file in the place of a folder", () => writeFileSync(inWorkspace("notes"), "x")],
    ["a pipe in the place of a folder", () => execFileSync("mkfifo", [inWorkspace("notes")])],
  ])("%s", async (_, plant) => {
    writeTree(world.agentDir, { "notes/secret.txt": "of the agent", "AGENTS.md": "x" });
    plant();
    const { seeded, diagnostics } = await seed({ files: ["notes/secret.txt", "notes/new.txt", "AGENTS.md"] });
    expect(seeded).toEqual(["AGENTS.md"]);
    expect(diagnostics).toMatchObject([{ code: "WORKSPACE_SEED_REFUSED" }]);
    expect(readFileSync(world.secretFile, "utf8")).toBe(canary);
    expect(readdirSync(join(world.root, "outside"))).toEqual(["secret.txt"]);
  });

  test("the workspace itself a link or a file", async () => {
    writeTree(world.agentDir, { "AGENTS.md": "x" });
    rmSync(world.workspaceDir, { recursive: true });
    for (const plant of [
      () => symlinkSync("../outside", world.workspaceDir),
      () => writeFileSync(world.workspaceDir, ""),
    ]) {
      plant();
      await expect(seed()).rejects.toMatchObject({ code: "WORKSPACE_WRONG_TYPE" });
      rmSync(world.workspaceDir);
    }
    expect(readdirSync(join(world.root, "outside"))).toEqual(["secret.txt"]);
  });
});

describe("the record", () => {
  test.each(["", "{", '{"format":"skillcrate/seed@2","files":[]}', '{"__proto__":{}}', "[]"])(
    "that says %j is set aside and named",
    async (text) => {
      writeTree(world.agentDir, { "AGENTS.md": "x" });
      await seed();
      writeFileSync(join(world.recordsDir, "seed.json"), text);
      const { present, diagnostics } = await seed();
      expect(diagnostics).toMatchObject([{ code: "STATE_BROKEN" }]);
      expect(present).toEqual(["AGENTS.md"]);
      expect(readdirSync(world.recordsDir).some((name) => name.startsWith("seed.json.broken-"))).toBe(true);
      expect((await seed()).diagnostics).toEqual([]);
    },
  );

  test("is written also where a later file failed, or the caller gave up", async () => {
    writeTree(world.agentDir, { "AGENTS.md": "x", "SOUL.md": "x" });
    await expect(seed({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
    const stopped = new AbortController();
    const files = ["AGENTS.md", "SOUL.md"];
    const result = seed({ files, signal: stopped.signal });
    while (!existsSync(inWorkspace("AGENTS.md"))) await new Promise((done) => setImmediate(done));
    stopped.abort();
    const outcome = await result.then(() => "done").catch((error: { code: string }) => error.code);
    expect(["done", "CANCELLED"]).toContain(outcome);
    rmSync(inWorkspace("AGENTS.md"));
    expect((await seed()).seeded).not.toContain("AGENTS.md");
  });
});
