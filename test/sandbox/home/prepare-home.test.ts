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
import { describe, expect, test } from "vitest";
import { SkillcrateError } from "../../../src/diagnostic/skillcrate-error.ts";
import { scopeFolder } from "../../../src/sandbox/scope-folder.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { alice, giveToSandbox, homeWorld, isRoot, sandboxUser } from "./preparing.ts";

const xdgFolders = [".config", ".local", ".local/share", ".local/state", ".cache"];

describe("a new home", () => {
  test("is the scope's own, with the XDG tree, 0700 and of the sandbox's user", async () => {
    const { prepare, folder } = homeWorld();
    const home = await prepare();
    expect(home.dir).toBe(folder.homeDir);
    expect(home.diagnostics).toEqual([]);
    for (const path of ["", ...xdgFolders]) {
      const { mode, uid, gid } = lstatSync(join(home.dir, path));
      expect([path, mode & 0o7777, uid, gid]).toEqual([path, 0o700, sandboxUser.uid, sandboxUser.gid]);
    }
    expect(lstatSync(folder.dir).mode & 0o777).toBe(0o700);
    expect(lstatSync(folder.dir).uid).toBe(process.geteuid?.());
    // Nothing half made is left, and secrets' and records' places are not below what is mounted.
    expect(readdirSync(folder.dir).sort()).toEqual(["accounts", "home", "records", "workspace"]);
  });

  test("says how it is mounted, in which paths, and by which variables", async () => {
    const { prepare, folder } = homeWorld();
    const { path, mounts, tmpfs, environment } = await prepare();
    expect(path).toBe("/workspace/home");
    expect(mounts).toEqual([
      {
        source: join(folder.accountsDir, "group"),
        target: "/etc/group",
        readOnly: true,
        purpose: "accounts",
      },
      {
        source: join(folder.accountsDir, "passwd"),
        target: "/etc/passwd",
        readOnly: true,
        purpose: "accounts",
      },
      { source: folder.homeDir, target: "/workspace/home", readOnly: false, purpose: "home" },
    ]);
    expect(tmpfs).toEqual([
      { target: `/run/user/${sandboxUser.uid}`, sizeBytes: 16 * 1024 * 1024, mode: 0o700, ...sandboxUser },
    ]);
    expect(environment).toMatchObject({
      HOME: "/workspace/home",
      XDG_CONFIG_HOME: "/workspace/home/.config",
      XDG_DATA_HOME: "/workspace/home/.local/share",
      XDG_STATE_HOME: "/workspace/home/.local/state",
      XDG_CACHE_HOME: "/workspace/home/.cache",
      XDG_RUNTIME_DIR: `/run/user/${sandboxUser.uid}`,
      npm_config_cache: "/workspace/home/.cache/npm",
      GOPATH: "/workspace/home/.local/share/go",
    });
    for (const [name, value] of Object.entries(environment)) {
      if (["USER", "LOGNAME", "XDG_RUNTIME_DIR"].includes(name)) continue;
      expect(value.startsWith("/workspace/home")).toBe(true);
    }
  });

  test("has accounts in which the user is found by its id, and Debian's own", async () => {
    const { prepare, folder } = homeWorld();
    await prepare();
    const passwd = readFileSync(join(folder.accountsDir, "passwd"), "utf8").split("\n");
    expect(passwd[0]).toBe(`sandbox:x:${sandboxUser.uid}:${sandboxUser.gid}:sandbox:/workspace/home:/bin/sh`);
    expect(passwd).toContain("_apt:x:42:65534::/nonexistent:/usr/sbin/nologin");
    const group = readFileSync(join(folder.accountsDir, "group"), "utf8").split("\n");
    expect(group[0]).toBe(`sandbox:x:${sandboxUser.gid}:`);
    expect(lstatSync(join(folder.accountsDir, "passwd")).mode & 0o777).toBe(0o644);
  });

  test("has a folder to be mounted over, in the workspace that is seen", async () => {
    const { prepare, folder } = homeWorld();
    const agentWorkspaceDir = tempFolder();
    await prepare();
    expect(lstatSync(join(folder.workspaceDir, "home")).uid).toBe(sandboxUser.uid);
    await prepare({ workspaceAccess: "rw", agentWorkspaceDir });
    expect(readdirSync(agentWorkspaceDir)).toEqual(["home"]);
    expect(readdirSync(join(agentWorkspaceDir, "home"))).toEqual([]);
  });
});

describe("a home that is there", () => {
  test("keeps what is in it", async () => {
    const { prepare } = homeWorld();
    const { dir } = await prepare();
    writeFileSync(join(dir, ".netrc"), "token");
    writeFileSync(join(dir, ".config", "token"), "token", { mode: 0o640 });
    rmSync(join(dir, ".cache"), { recursive: true });
    const again = await prepare();
    expect(again.diagnostics).toEqual([]);
    expect(readFileSync(join(dir, ".netrc"), "utf8")).toBe("token");
    expect(lstatSync(join(dir, ".config", "token")).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(dir, ".cache")).isDirectory()).toBe(true);
  });

  test("is closed to others again", async () => {
    const { prepare } = homeWorld();
    const { dir } = await prepare();
    for (const mode of [0o777, 0o000]) {
      chmodSync(dir, mode);
      await prepare();
      expect(lstatSync(dir).mode & 0o7777).toBe(0o700);
    }
  });

  test("is finished where an earlier process was killed while it made it", async () => {
    const { prepare, folder } = homeWorld();
    mkdirSync(join(folder.dir, ".home.new", ".config"), { recursive: true });
    await prepare();
    expect(readdirSync(folder.homeDir).sort()).toEqual([".cache", ".config", ".local"]);
    expect(readdirSync(folder.dir)).not.toContain(".home.new");
  });

  test("twenty callers at once make one", async () => {
    const { prepare, folder } = homeWorld();
    const homes = await Promise.all(Array.from({ length: 20 }, () => prepare()));
    expect(new Set(homes.map(({ dir }) => dir))).toEqual(new Set([folder.homeDir]));
    expect(readdirSync(folder.homeDir).sort()).toEqual([".cache", ".config", ".local"]);
  });

  test.runIf(isRoot)("changes hands, with a word about the files in it", async () => {
    const { prepare } = homeWorld();
    const { dir } = await prepare();
    const { diagnostics } = await prepare({ sandboxUser: { uid: 4711, gid: 4711 } });
    expect(lstatSync(dir).uid).toBe(4711);
    expect(diagnostics).toMatchObject([{ code: "HOME_OWNER_CHANGED" }]);
  });
});

describe("where docker.env puts it", () => {
  test("HOME and XDG folders below /workspace win, and each has a place of the scope's own", async () => {
    const { prepare, folder } = homeWorld();
    const home = await prepare({
      dockerEnv: {
        HOME: "/workspace/me/",
        XDG_CONFIG_HOME: "/workspace/me/settings/deep",
        XDG_DATA_HOME: "/workspace/data",
        XDG_STATE_HOME: "/workspace/data/state",
        GOPATH: "/opt/go",
        LANG: "C.UTF-8",
      },
    });
    expect(home.path).toBe("/workspace/me");
    expect(home.diagnostics).toEqual([]);
    expect(home.environment).toMatchObject({
      HOME: "/workspace/me",
      XDG_CONFIG_HOME: "/workspace/me/settings/deep",
      XDG_DATA_HOME: "/workspace/data",
      XDG_STATE_HOME: "/workspace/data/state",
      XDG_CACHE_HOME: "/workspace/me/.cache",
      PIPX_HOME: "/workspace/data/pipx",
    });
    // What docker.env sets is left to it.
    expect(Object.keys(home.environment)).not.toContain("GOPATH");
    expect(Object.keys(home.environment)).not.toContain("LANG");
    expect(home.mounts.filter(({ purpose }) => purpose === "home")).toEqual([
      { source: join(folder.dir, "xdg-data"), target: "/workspace/data", readOnly: false, purpose: "home" },
      { source: folder.homeDir, target: "/workspace/me", readOnly: false, purpose: "home" },
    ]);
    expect(lstatSync(join(folder.homeDir, "settings", "deep")).isDirectory()).toBe(true);
    expect(lstatSync(join(folder.dir, "xdg-data", "state")).isDirectory()).toBe(true);
    expect(readdirSync(folder.workspaceDir).sort()).toEqual(["data", "me"]);
  });

  test.each([
    ["HOME", "/workspace", "does not lie below"],
    ["HOME", "/workspace/../etc", "does not lie below"],
    ["HOME", "/root", "does not lie below"],
    ["HOME", "workspace/home", "not absolute"],
    ["HOME", "/workspace/skills/x", "skills are shown there"],
    ["HOME", "/workspace/a:0:0:root", "colon"],
    ["HOME", "/workspace/a\nroot::0:0", "control character"],
    ["XDG_CONFIG_HOME", "/etc", "does not lie below"],
    ["XDG_DATA_HOME", `/workspace/${"x".repeat(300)}`, "too long"],
    ["XDG_RUNTIME_DIR", "/workspace/home", "hide the home"],
  ])("%s=%j is refused and reported", async (name, value, why) => {
    const { prepare } = homeWorld();
    const plain = await prepare();
    const home = await prepare({ dockerEnv: { [name]: value } });
    expect(home.diagnostics).toMatchObject([
      { code: "HOME_PATH_REFUSED", message: expect.stringContaining(why) },
    ]);
    expect({ ...home, diagnostics: [] }).toEqual(plain);
  });
});

describe("scopes", () => {
  test("keys that look alike have homes of their own", async () => {
    const { workspaceRoot, prepare } = homeWorld();
    const keys = ["a:b", "a-b", "A:B", "x".repeat(400), `${"x".repeat(400)}y`, "../../etc", "a\u0000b", ""];
    const homes = await Promise.all(keys.map((key) => prepare({ scope: { kind: "session", key } })));
    expect(new Set(homes.map(({ dir }) => dir.toLowerCase())).size).toBe(keys.length);
    for (const { dir } of homes) expect(dir.startsWith(`${workspaceRoot}/`)).toBe(true);
  });

  test("a folder of another key is refused", async () => {
    const { prepare, folder, workspaceRoot } = homeWorld();
    await prepare();
    const path = join(folder.recordsDir, "scope.json");
    const record = JSON.parse(readFileSync(path, "utf8"));
    expect(record).toMatchObject({ format: "skillcrate/scope@1", ...alice });
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, JSON.stringify({ ...record, key: "agent:main:telegram:dm:bob" }));
    await expect(prepare()).rejects.toMatchObject({ code: "SCOPE_MISMATCH" });
    expect(scopeFolder(workspaceRoot, alice).homeDir).toBe(folder.homeDir);
  });

  test("the sessions that use it, and when", async () => {
    const { prepare, folder } = homeWorld({ kind: "agent", key: "main" });
    const use = (session: string) => ({ agent: "main", session, dmScope: null });
    const record = () => JSON.parse(readFileSync(join(folder.recordsDir, "scope.json"), "utf8"));
    await prepare({ use: use("s:1"), nowMs: 1_000_000 });
    await prepare({ use: use("s:2"), nowMs: 1_100_000 });
    // A use soon after another is not worth a write.
    await prepare({ use: use("s:2"), nowMs: 1_101_000 });
    expect(record()).toMatchObject({
      agent: "main",
      lastUsed: "1970-01-01T00:18:20.000Z",
      sessions: [
        { key: "s:2", lastUsed: "1970-01-01T00:18:20.000Z" },
        { key: "s:1", lastUsed: "1970-01-01T00:16:40.000Z" },
      ],
    });
  });

  test.each([
    ["nothing", ""],
    ["half a document", "{"],
    ["a list", "[]"],
    ["a later version", '{"format":"skillcrate/scope@2"}'],
    ["a prototype", '{"__proto__":{"kind":"session"}}'],
    ["99,999 brackets", "[".repeat(99_999)],
  ])("a record that holds %s is set aside and named", async (_, text) => {
    const { prepare, folder } = homeWorld();
    await prepare();
    writeFileSync(join(folder.recordsDir, "scope.json"), text);
    const { diagnostics } = await prepare();
    expect(diagnostics).toMatchObject([{ code: "STATE_BROKEN" }]);
    expect(readdirSync(folder.recordsDir).some((name) => name.startsWith("scope.json.broken-"))).toBe(true);
    expect((await prepare()).diagnostics).toEqual([]);
  });
});

describe("a home that a sandbox has made its own", () => {
  /** A folder of the host that must stay as it is, and what it is like. */
  function bait(): { dir: string; state: () => unknown } {
    const dir = tempFolder();
    writeFileSync(join(dir, "secret"), "canary", { mode: 0o644 });
    const describeEntry = (path: string) => {
      const { mode, uid, gid } = lstatSync(path);
      return [path, mode, uid, gid];
    };
    return { dir, state: () => [dir, ...readdirSync(dir).map((name) => join(dir, name))].map(describeEntry) };
  }

  test.each([".config", ".local", ".local/share", ".cache"])("%s is a link to the host", async (name) => {
    const { prepare } = homeWorld();
    const { dir } = await prepare();
    const { dir: host, state } = bait();
    const before = state();
    rmSync(join(dir, name), { recursive: true });
    symlinkSync(host, join(dir, name));
    giveToSandbox(join(dir, name));
    const { diagnostics } = await prepare();
    expect(diagnostics.length).toBeGreaterThan(0);
    for (const { code, message } of diagnostics) {
      expect(code).toBe("HOME_ENTRY_KEPT");
      expect(message).toContain("/workspace/home/.");
    }
    expect(lstatSync(join(dir, name)).isSymbolicLink()).toBe(true);
    expect(state()).toEqual(before);
  });

  test("a file, a pipe and a closed folder where folders belong", async () => {
    const { prepare } = homeWorld();
    const { dir } = await prepare();
    rmSync(join(dir, ".config"), { recursive: true });
    writeFileSync(join(dir, ".config"), "mine");
    giveToSandbox(join(dir, ".config"));
    chmodSync(join(dir, ".local"), 0o000);
    const { diagnostics } = await prepare();
    expect(diagnostics[0]).toMatchObject({
      code: "HOME_ENTRY_KEPT",
      message: expect.stringContaining(".config"),
    });
    expect(readFileSync(join(dir, ".config"), "utf8")).toBe("mine");
    expect(lstatSync(join(dir, ".local")).mode & 0o777).toBe(0o000);
    chmodSync(join(dir, ".local"), 0o700);
  });

  test("a link in the workspace where the home is to be mounted", async () => {
    const { prepare, folder } = homeWorld();
    await prepare();
    const { dir: host, state } = bait();
    const before = state();
    rmSync(join(folder.workspaceDir, "home"), { recursive: true });
    symlinkSync(host, join(folder.workspaceDir, "home"));
    await expect(prepare()).rejects.toMatchObject({ code: "HOME_MOUNT_BLOCKED" });
    expect(state()).toEqual(before);
  });

  test("the scope's own folder is a link, or another user's", async () => {
    const { prepare, folder, workspaceRoot } = homeWorld();
    const { dir: host, state } = bait();
    const before = state();
    mkdirSync(workspaceRoot);
    symlinkSync(host, folder.dir);
    await expect(prepare()).rejects.toMatchObject({ code: "SCOPE_FOREIGN" });
    expect(state()).toEqual(before);
  });
});

describe("who it is made for", () => {
  test("not root", async () => {
    const { prepare } = homeWorld();
    await expect(prepare({ sandboxUser: { uid: 0, gid: 0 } })).rejects.toMatchObject({
      code: "HOME_USER_REFUSED",
    });
  });

  test.runIf(!isRoot)("nobody else, by an ordinary user", async () => {
    const { prepare } = homeWorld();
    await expect(prepare({ sandboxUser: { uid: 4711, gid: 4711 } })).rejects.toMatchObject({
      code: "HOME_USER_REFUSED",
    });
  });

  test("nobody, once the caller has given up", async () => {
    const { prepare, workspaceRoot } = homeWorld();
    await expect(prepare({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(SkillcrateError);
    expect(() => lstatSync(workspaceRoot)).toThrow("ENOENT");
  });
});
