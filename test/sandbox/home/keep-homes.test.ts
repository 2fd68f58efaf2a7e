import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { writeClaim } from "../../../src/mirror/leases.ts";
import { collectHomes } from "../../../src/sandbox/home/collect-homes.ts";
import { type ExportHomeRequest, exportHome } from "../../../src/sandbox/home/export-home.ts";
import { listHomes } from "../../../src/sandbox/home/list-homes.ts";
import { removeHome } from "../../../src/sandbox/home/remove-home.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { alice, giveToSandbox, homeWorld } from "./preparing.ts";

/** Folders, one in the other, more than this process may hold open. */
function makeDeep(dir: string): void {
  const code = `const { mkdirSync } = require("node:fs");
    for (let level = 0; level < 1200; level += 1) { mkdirSync("d"); process.chdir("d"); }`;
  execFileSync(process.execPath, ["-e", code], { cwd: dir });
}

const dayMs = 24 * 60 * 60 * 1000;

describe("listHomes", () => {
  test("says whose each home is, what it takes, who used it and when", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    const use = { agent: "main", session: alice.key, dmScope: null };
    const { dir } = await prepare({ use, nowMs: 0 });
    writeFileSync(join(dir, "a"), Buffer.alloc(10_000, 1));
    writeFileSync(join(dir, ".config", "b"), Buffer.alloc(10_000, 1));
    // What is not a scope's, and a scope without a home.
    mkdirSync(join(workspaceRoot, ".store"));
    mkdirSync(join(workspaceRoot, "openclaw-sbx-main"));
    mkdirSync(join(workspaceRoot, `nobody-${"0".repeat(32)}`));
    const homes = await listHomes({ workspaceRoot });
    expect(homes).toEqual([
      {
        slug: folder.slug,
        dir: folder.dir,
        scope: alice,
        agent: "main",
        lastUsed: "1970-01-01T00:00:00.000Z",
        sessions: [alice.key],
        files: 2,
        sizeBytes: expect.any(Number),
        inUse: false,
      },
    ]);
    expect(homes[0]?.sizeBytes).toBeGreaterThanOrEqual(20_000);
    expect(homes[0]?.sizeBytes).toBeLessThan(40_000);
  });

  test("counts no link's target, and nothing twice", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const { dir } = await prepare();
    const host = tempFolder();
    writeFileSync(join(host, "large"), Buffer.alloc(1_000_000, 1));
    symlinkSync(host, join(dir, "host"));
    symlinkSync(join(host, "large"), join(dir, "large"));
    execFileSync("truncate", ["-s", "10G", join(dir, "sparse")]);
    const [home] = await listHomes({ workspaceRoot });
    expect(home).toMatchObject({ files: 1 });
    expect(home?.sizeBytes).toBeLessThan(10_000);
  });

  test("lists one whose record is broken, as unknown", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    await prepare();
    writeFileSync(join(folder.recordsDir, "scope.json"), "{");
    expect(await listHomes({ workspaceRoot })).toMatchObject([
      { slug: folder.slug, scope: null, lastUsed: null },
    ]);
  });

  test("there is none where there is no workspace root", async () => {
    expect(await listHomes({ workspaceRoot: join(tempFolder(), "none") })).toEqual([]);
  });
});

describe("removeHome", () => {
  test("takes the home, logins and imports, and leaves workspace and secrets", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    const { dir } = await prepare({ dockerEnv: { XDG_DATA_HOME: "/workspace/data" } });
    writeFileSync(join(dir, ".netrc"), "token");
    writeFileSync(folder.envFile, "A=b\n");
    expect(await removeHome({ workspaceRoot, name: alice.key })).toEqual({
      slug: folder.slug,
      removed: true,
    });
    expect(readdirSync(folder.dir).sort()).toEqual([".env", "records", "workspace"]);
    expect(await removeHome({ workspaceRoot, name: folder.slug })).toMatchObject({ removed: false });
  });

  test("removes no more than links, however deep, closed and oddly named the tree is", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    const { dir } = await prepare();
    const host = tempFolder();
    writeFileSync(join(host, "canary"), "canary");
    symlinkSync(host, join(dir, "host"));
    rmSync(join(dir, ".config"), { recursive: true });
    symlinkSync("/", join(dir, ".config"));
    makeDeep(dir);
    // A name that is no UTF-8, and a folder that nobody may open.
    execFileSync("bash", ["-c", "touch $'\\xff'; mkdir closed; touch closed/x; chmod 0 closed"], {
      cwd: dir,
    });
    giveToSandbox(join(dir, "closed"), join(dir, ".config"));
    await removeHome({ workspaceRoot, name: folder.slug });
    expect(readdirSync(folder.dir).sort()).toEqual(["records", "workspace"]);
    expect(readFileSync(join(host, "canary"), "utf8")).toBe("canary");
  });

  test("templates are put anew into a home that is made again", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const dir = tempFolder();
    writeFileSync(join(dir, "a.txt"), "a");
    const templates = [{ kind: "agent", name: "main", dir }] as const;
    await prepare({ templates });
    await removeHome({ workspaceRoot, name: alice.key });
    expect((await prepare({ templates })).written).toEqual(["a.txt"]);
  });

  test("not while a process uses the scope, unless forced", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    await prepare();
    writeClaim(folder.recordsDir, "lease", "0".repeat(32));
    await expect(removeHome({ workspaceRoot, name: alice.key })).rejects.toMatchObject({
      code: "HOME_IN_USE",
    });
    expect(lstatSync(folder.homeDir).isDirectory()).toBe(true);
    await removeHome({ workspaceRoot, name: alice.key, force: true });
    expect(() => lstatSync(folder.homeDir)).toThrow("ENOENT");
  });

  test.each(["", "nobody", "../..", "agent", "/"])("%j names none, or not only one", async (name) => {
    const { workspaceRoot, prepare } = homeWorld();
    await prepare();
    await prepare({ scope: { kind: "session", key: "agent:main:telegram:dm:bob" } });
    await expect(removeHome({ workspaceRoot, name })).rejects.toMatchObject({ code: "HOME_NOT_FOUND" });
    expect(await listHomes({ workspaceRoot })).toHaveLength(2);
  });

  test("what a killed removal left goes with the next", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    await prepare();
    mkdirSync(join(folder.dir, ".gone-0123456789abcdef", "x"), { recursive: true });
    await removeHome({ workspaceRoot, name: alice.key });
    expect(readdirSync(folder.dir).sort()).toEqual(["records", "workspace"]);
  });
});

describe("collectHomes", () => {
  async function threeHomes() {
    const world = homeWorld();
    const scopes = ["old", "new", "used"].map((key) => ({ kind: "session", key }) as const);
    const nowMs = 100 * dayMs;
    for (const scope of scopes)
      await world.prepare({ scope, nowMs: scope.key === "new" ? nowMs : nowMs - 31 * dayMs });
    const left = async () => (await listHomes(world)).map(({ scope }) => scope?.key).sort();
    const collect = (request: Partial<Parameters<typeof collectHomes>[0]> = {}) =>
      collectHomes({ workspaceRoot: world.workspaceRoot, graceMs: 30 * dayMs, nowMs, ...request });
    return { ...world, left, collect };
  }

  test("removes what was not used for the grace time, and keeps what is in use", async () => {
    const { collect, left } = await threeHomes();
    const isInUse = ({ slug }: { readonly slug: string }) => slug.startsWith("used-");
    const { removed, kept } = await collect({ isInUse });
    expect(removed.map(({ slug }) => slug.slice(0, 4))).toEqual(["old-"]);
    expect(kept.map(({ slug }) => slug.slice(0, 5))).toEqual(["used-"]);
    expect(await left()).toEqual(["new", "used"]);
    expect(await collect({ isInUse })).toMatchObject({ removed: [] });
  });

  test("a dry run says the same and removes nothing", async () => {
    const { collect, left } = await threeHomes();
    expect((await collect({ dryRun: true })).removed).toHaveLength(2);
    expect(await left()).toEqual(["new", "old", "used"]);
  });

  test("a home that is used between the look and the removal stays", async () => {
    const { collect, left, prepare } = await threeHomes();
    const { removed } = await collect({
      isInUse: async ({ slug }) => {
        if (slug.startsWith("old-"))
          await prepare({ scope: { kind: "session", key: "old" }, nowMs: 100 * dayMs });
        return false;
      },
    });
    expect(removed.map(({ slug }) => slug.slice(0, 5))).toEqual(["used-"]);
    expect(await left()).toEqual(["new", "old"]);
  });

  test("one whose last use is not on record stays", async () => {
    const { collect, workspaceRoot, left } = await threeHomes();
    for (const { dir } of await listHomes({ workspaceRoot })) {
      writeFileSync(join(dir, "records", "scope.json"), "{}");
    }
    expect((await collect()).removed).toEqual([]);
    expect(await left()).toHaveLength(3);
  });
});

describe("exportHome", () => {
  interface Unpacked {
    readonly paths: string[];
    readonly dir: string;
    readonly bytes: Buffer;
    readonly leftOut: Record<string, string>;
  }

  async function unpack(request: Omit<ExportHomeRequest, "output" | "name">): Promise<Unpacked> {
    const output = new PassThrough();
    const [exported, bytes] = await Promise.all([
      exportHome({ ...request, name: alice.key, output }),
      buffer(output),
    ]);
    const dir = tempFolder();
    execFileSync("tar", ["-x", "-C", dir], { input: bytes });
    const paths = execFileSync("tar", ["-t"], { input: bytes, encoding: "utf8" }).trim().split("\n");
    const leftOut = Object.fromEntries(exported.leftOut.map(({ path, reason }) => [path, reason]));
    expect(exported.leftOutCount).toBe(exported.leftOut.length);
    expect(exported.entries).toBe(paths.length);
    return { paths: paths.map((path) => path.replace(/\/$/, "")), dir, bytes, leftOut };
  }

  test("files, folders, links and modes; no setuid, no cache, no special files", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const { dir } = await prepare();
    writeFileSync(join(dir, "notes.txt"), "hello");
    writeFileSync(join(dir, ".config", "run.sh"), "#!/bin/sh\n", { mode: 0o755 });
    const longName = `${"x".repeat(200)}.txt`;
    writeFileSync(join(dir, ".config", longName), "");
    const large = Buffer.alloc(3_000_001, "large ");
    writeFileSync(join(dir, "large"), large);
    symlinkSync("/etc/shadow", join(dir, "shadow"));
    writeFileSync(join(dir, ".cache", "blob"), "x");
    execFileSync("bash", ["-c", "chmod 4755 .config/run.sh; mkfifo pipe"], { cwd: dir });
    const { paths, dir: out, leftOut } = await unpack({ workspaceRoot });
    expect(paths).toEqual([
      "home/.config",
      "home/.config/run.sh",
      `home/.config/${longName}`,
      "home/.local",
      "home/.local/share",
      "home/.local/state",
      "home/large",
      "home/notes.txt",
      "home/shadow",
    ]);
    expect(lstatSync(join(out, "home/shadow")).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(out, "home/.config/run.sh")).mode & 0o7777).toBe(0o755);
    expect(readFileSync(join(out, "home/large")).equals(large)).toBe(true);
    expect(leftOut).toEqual({ "home/.cache": "cache", "home/pipe": "special" });
    expect((await unpack({ workspaceRoot, withCache: true })).paths).toContain("home/.cache/blob");
  });

  test("no login, whatever it is called: by name, by text, and by the scope's own secrets", async () => {
    const { workspaceRoot, prepare, folder } = homeWorld();
    const { dir } = await prepare();
    const files: Record<string, string> = {
      ".netrc": "machine h login me password canary-1",
      ".x.json": '{"refresh_token": "canary-2-abcdef"}',
      ".config/x/token": "canary-3",
      ".config/gh/hosts.yml": "github.com: {}\n# canary-4",
      ".ssh/id_ed25519": "canary-5",
      ".ssh/known_hosts": "github.com ssh-ed25519 AAAA",
      "notes.txt": "a line\nvalue of .env: canary-6-env\n",
      "data.bin": `${"x".repeat(600_000)}canary-7-passed${"x".repeat(2_000_000)}`,
      "key.txt": "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary-8",
      "url.txt": "https://me:canary-9@example.org/",
      ".bash_history": "login --password canary-10",
      "jwt.txt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnktMTEifQ.x canary-11",
      "keep.json": '{"theme": "dark", "max_tokens": 4096}',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(dir, path, ".."), { recursive: true });
      writeFileSync(join(dir, path), text);
    }
    writeFileSync(folder.envFile, "API_KEY=canary-6-env\n", { mode: 0o600 });
    const { paths, bytes, leftOut } = await unpack({ workspaceRoot, secretValues: ["canary-7-passed", ""] });
    expect(bytes.includes("canary")).toBe(false);
    expect(paths).toContain("home/keep.json");
    expect(paths).toContain("home/.ssh/known_hosts");
    const logins = Object.entries(leftOut).filter(([path]) => path !== "home/.cache");
    expect(logins.map(([path]) => path.slice("home/".length)).sort()).toEqual(
      Object.keys(files)
        .filter((path) => path !== "keep.json" && path !== ".ssh/known_hosts")
        .sort(),
    );
    expect(leftOut["home/notes.txt"]).toBe("secret");
    expect(leftOut["home/data.bin"]).toBe("secret");
    expect(leftOut["home/.x.json"]).toBe("login");
    // Asked for, they are there.
    const all = await unpack({ workspaceRoot, withSecrets: true });
    expect(readFileSync(join(all.dir, "home/.netrc"), "utf8")).toBe(files[".netrc"]);
    expect(all.leftOut).toEqual({ "home/.cache": "cache" });
  });

  test("a home that its sandbox has closed is exported all the same", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const { dir } = await prepare();
    writeFileSync(join(dir, "notes.txt"), "hello");
    chmodSync(dir, 0o000);
    expect((await unpack({ workspaceRoot })).paths).toContain("home/notes.txt");
  });

  test("a tree of 1,200 levels ends, and says where", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const { dir } = await prepare();
    makeDeep(dir);
    const { leftOut } = await unpack({ workspaceRoot });
    expect(Object.values(leftOut)).toContain("unreadable");
    await removeHome({ workspaceRoot, name: alice.key });
  });

  test("a reader that fails ends it, with no descriptor left open", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const { dir } = await prepare();
    for (let index = 0; index < 20; index += 1)
      writeFileSync(join(dir, `f${index}`), Buffer.alloc(300_000, 1));
    const open = () => readdirSync("/proc/self/fd").length;
    const before = open();
    const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    await expect(exportHome({ workspaceRoot, name: alice.key, output })).rejects.toThrow("disk full");
    expect(open()).toBe(before);
  });

  test.each(["before it begins", "while nobody reads"])("ends on the signal, %s", async (when) => {
    const { workspaceRoot, prepare } = homeWorld();
    const { dir } = await prepare();
    for (let index = 0; index < 20; index += 1)
      writeFileSync(join(dir, `f${index}`), Buffer.alloc(300_000, 1));
    const stopping = new AbortController();
    if (when === "before it begins") stopping.abort();
    else setTimeout(() => stopping.abort(), 100);
    const output = new PassThrough();
    const exporting = exportHome({ workspaceRoot, name: alice.key, output, signal: stopping.signal });
    await expect(exporting).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
