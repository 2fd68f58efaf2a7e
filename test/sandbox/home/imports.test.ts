import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { tempFolder } from "../../support/temp-folder.ts";
import { homeWorld, sandboxUser } from "./preparing.ts";

function hostHome(files: Readonly<Record<string, string>>): string {
  const dir = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text, { mode: 0o600 });
  }
  return dir;
}

const ghLogin = {
  ".config/gh/hosts.yml": "github.com:\n    oauth_token: gho_host\n    user: me\n",
  ".config/gh/config.yml": "version: 1\n",
  ".config/gh/extensions.txt": "not asked for",
};

test("nothing of the host comes in unless it is asked for by name", async () => {
  const { prepare, folder } = homeWorld();
  const homeDir = hostHome({ ...ghLogin, ".gitconfig": "[user]\nname = Me\n" });
  const home = await prepare({ importFrom: { homeDir, sshAuthSock: null } });
  expect(home.imports).toEqual([]);
  expect(home.mounts.map(({ purpose }) => purpose)).not.toContain("import");
  expect(readdirSync(folder.dir)).not.toContain("imports");
});

describe("gh", () => {
  test("its two files, as copies of the sandbox user's, in a folder that is mounted read-only", async () => {
    const { prepare, folder } = homeWorld();
    const homeDir = hostHome(ghLogin);
    const home = await prepare({ imports: ["gh"], importFrom: { homeDir, sshAuthSock: null } });
    const dir = join(folder.dir, "imports", "gh");
    expect(home.mounts).toContainEqual({
      source: dir,
      target: "/imports/gh",
      readOnly: true,
      purpose: "import",
    });
    expect(home.environment).toMatchObject({ GH_CONFIG_DIR: "/imports/gh" });
    expect(readdirSync(dir).sort()).toEqual(["config.yml", "hosts.yml"]);
    expect(lstatSync(join(dir, "hosts.yml"))).toMatchObject(sandboxUser);
    expect(lstatSync(join(dir, "hosts.yml")).mode & 0o777).toBe(0o400);
    expect(home.imports).toEqual([
      {
        name: "gh",
        leftOut: [],
        items: [
          {
            what: "login of gh",
            from: join(homeDir, ".config/gh/hosts.yml"),
            to: "/imports/gh/hosts.yml",
            how: "copy",
          },
          {
            what: "settings of gh",
            from: join(homeDir, ".config/gh/config.yml"),
            to: "/imports/gh/config.yml",
            how: "copy",
          },
        ],
      },
    ]);
    expect(home.diagnostics).toEqual([]);
    // Nothing of it is in the home, where an export or another mount would find it.
    expect(execFileSync("grep", ["-rl", "gho_host", folder.dir], { encoding: "utf8" })).toBe(
      `${dir}/hosts.yml\n`,
    );
  });

  test("a new login of the host is seen the next time, and goes when it is not asked for any more", async () => {
    const { prepare, folder } = homeWorld();
    const homeDir = hostHome(ghLogin);
    const ask = { imports: ["gh"], importFrom: { homeDir, sshAuthSock: null } } as const;
    await prepare(ask);
    writeFileSync(join(homeDir, ".config/gh/hosts.yml"), "github.com:\n    oauth_token: gho_new\n");
    await prepare(ask);
    const copy = join(folder.dir, "imports", "gh", "hosts.yml");
    expect(readFileSync(copy, "utf8")).toContain("gho_new");
    await prepare();
    expect(readdirSync(join(folder.dir, "imports"))).toEqual([]);
  });

  test.each([
    ["no login", {}, "cannot be read"],
    ["a login in a key ring", { ".config/gh/hosts.yml": "github.com:\n    user: me\n" }, "holds no token"],
  ])("%s on the host is reported", async (_, files, why) => {
    const { prepare } = homeWorld();
    const importFrom = { homeDir: hostHome(files), sshAuthSock: null };
    const { diagnostics } = await prepare({ imports: ["gh"], importFrom });
    expect(diagnostics).toMatchObject([
      { code: "HOME_IMPORT_MISSING", message: expect.stringContaining(why) },
    ]);
  });
});

describe("git", () => {
  const gitconfig = [
    "[user]",
    "\tname = Ann \\",
    "Example ; a comment",
    '\temail = "ann@example.org" # another',
    "\tsigningkey = ~/.ssh/id_ed25519",
    "[Core]",
    "\teditor = /opt/host/bin/edit",
    "\tsshCommand = ssh -i /root/key",
    "\tautocrlf",
    "[credential]",
    "\thelper = store --file /root/.git-credentials",
    '[credential "https://github.com"]',
    "\thelper = ",
    "\thelper = !/usr/local/bin/gh auth git-credential",
    '[includeIf "gitdir:~/clients/"]',
    "\tpath = ~/clients/.gitconfig",
    '[url "https://token@github.com/"]',
    "\tinsteadOf = https://github.com/",
    '[url "ssh://git@github.com/"]',
    '\tinsteadOf = "gh:"',
    "[http]",
    "\textraHeader = Authorization: Basic canary",
    "[alias]",
    "\tco = checkout",
    "\tx = !curl evil",
    "[init] defaultBranch = trunk",
  ].join("\n");

  async function imported(imports: readonly ("git" | "gh")[]) {
    const { prepare, folder } = homeWorld();
    const homeDir = hostHome({ ...ghLogin, ".gitconfig": gitconfig });
    const home = await prepare({ imports, importFrom: { homeDir, sshAuthSock: null } });
    const file = join(folder.dir, "imports", "git", "config");
    const listed = execFileSync("git", ["config", "--file", file, "--no-includes", "--list"], {
      encoding: "utf8",
    });
    return { home, text: readFileSync(file, "utf8"), lines: listed.trim().split("\n") };
  }

  test("who they are and how they like it, and nothing that names a program, a file or a secret", async () => {
    const { home, text, lines } = await imported(["git"]);
    expect(lines).toEqual([
      "include.path=/etc/gitconfig",
      "user.name=Ann Example",
      "user.email=ann@example.org",
      "core.autocrlf",
      "url.ssh://git@github.com/.insteadof=gh:",
      "alias.co=checkout",
      "init.defaultbranch=trunk",
    ]);
    for (const word of ["canary", "token", "/root", "/opt/host", "curl"]) expect(text).not.toContain(word);
    expect(home.environment).toMatchObject({ GIT_CONFIG_SYSTEM: "/imports/git/config" });
    expect(home.imports[0]?.leftOut).toEqual([
      "alias.x",
      "core.editor",
      "core.sshcommand",
      "credential.helper",
      "http.extraheader",
      "includeif.path",
      "url.insteadof",
      "user.signingkey",
    ]);
  });

  test("asks gh for passwords where the host does and gh is there too", async () => {
    const { lines } = await imported(["git", "gh"]);
    expect(lines.filter((line) => line.startsWith("credential"))).toEqual([
      "credential.https://github.com.helper=!gh auth git-credential",
    ]);
  });
});

describe("ssh-agent", () => {
  async function agent(): Promise<string> {
    const path = join(tempFolder(), "agent.sock");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    return path;
  }

  const hostFiles = { ".ssh/known_hosts": "github.com ssh-ed25519 AAAA\n", ".ssh/id_ed25519": "canary" };

  test("the socket and the known hosts, never a key", async () => {
    const { prepare, folder } = homeWorld();
    const sshAuthSock = await agent();
    execFileSync("chown", [`${sandboxUser.uid}`, sshAuthSock]);
    const homeDir = hostHome(hostFiles);
    const home = await prepare({ imports: ["ssh-agent"], importFrom: { homeDir, sshAuthSock } });
    const mounts = home.mounts.filter(({ purpose }) => purpose === "import");
    expect(mounts).toEqual([
      {
        source: join(folder.dir, "imports", "ssh-agent", "known_hosts"),
        target: "/etc/ssh/ssh_known_hosts",
        readOnly: true,
        purpose: "import",
      },
      { source: sshAuthSock, target: "/imports/ssh-agent.sock", readOnly: true, purpose: "import" },
    ]);
    expect(home.environment).toMatchObject({ SSH_AUTH_SOCK: "/imports/ssh-agent.sock" });
    expect(readdirSync(join(folder.dir, "imports", "ssh-agent"))).toEqual(["known_hosts"]);
  });

  test.each([
    ["no agent", () => null, "no agent"],
    ["one that is gone", () => "/nonexistent/agent.sock", "not there"],
    ["no socket", () => "/etc/passwd", "no socket"],
    ["a relative path", () => "agent.sock", "not absolute"],
  ])("%s: reported, and nothing is mounted", async (_, socket, why) => {
    const { prepare } = homeWorld();
    const home = await prepare({
      imports: ["ssh-agent"],
      importFrom: { homeDir: hostHome({}), sshAuthSock: socket() },
    });
    expect(home.diagnostics).toMatchObject([
      { code: "HOME_IMPORT_MISSING", message: expect.stringContaining(why) },
    ]);
    expect(home.mounts.map(({ purpose }) => purpose)).not.toContain("import");
    expect(Object.keys(home.environment)).not.toContain("SSH_AUTH_SOCK");
  });

  test("another user's agent would not answer", async () => {
    const { prepare } = homeWorld();
    const sshAuthSock = await agent();
    const other = { uid: sandboxUser.uid + 1, gid: sandboxUser.gid };
    const asked = prepare({
      imports: ["ssh-agent"],
      importFrom: { homeDir: hostHome({}), sshAuthSock },
      ...(process.geteuid?.() === 0 ? { sandboxUser: other } : {}),
    });
    if (process.geteuid?.() !== 0) return void (await asked);
    expect((await asked).diagnostics).toMatchObject([
      { message: expect.stringContaining("answers nobody else") },
    ]);
  });
});
