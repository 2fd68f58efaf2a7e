import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { Home, HomeRequest } from "../../src/sandbox/home/home-request.ts";
import { prepareHome } from "../../src/sandbox/home/prepare-home.ts";
import type { SandboxMount, WorkspaceAccess } from "../../src/sandbox/sandbox-mount.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

/** A container that runs, hardened as a gateway's sandboxes are. */
interface Running {
  readonly id: string;
  /** What a command prints, without the last line's end; it has to succeed. */
  run(...command: readonly string[]): Promise<string>;
  sh(script: string): Promise<string>;
}

const isRoot = process.geteuid?.() === 0;
const users = isRoot ? [1000, 4711] : [process.geteuid?.() ?? 1000];
if (!isRoot) console.info("Only root makes homes for other users: those of uid 4711 are left out.");

let engine: Engine;
let dir = "";
const started: string[] = [];

beforeAll(async () => {
  engine = await connectTestEngine();
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-home-"));
});
afterAll(async () => {
  await remove(...started);
  rmSync(dir, { recursive: true, force: true });
});

async function remove(...ids: readonly string[]): Promise<void> {
  for (const id of ids) await engine.containers.remove(id);
}

interface Session {
  readonly name: string;
  readonly uid: number;
  readonly access: WorkspaceAccess;
  readonly agentWorkspaceDir: string;
}

const keyOf = ({ name, uid, access }: Session) => `agent:main:telegram:dm:${name}-${uid}-${access}`;

function prepare(session: Session, request: Partial<HomeRequest> = {}): Promise<Home> {
  const { uid, access, agentWorkspaceDir } = session;
  return prepareHome({
    workspaceRoot: join(dir, "sandboxes"),
    scope: { kind: "session", key: keyOf(session) },
    workspaceAccess: access,
    agentWorkspaceDir,
    sandboxUser: { uid, gid: uid },
    ...request,
  });
}

/** The workspace is the scope's own, or the agent's, which sessions share. */
async function start(session: Session, home: Home, extra: readonly SandboxMount[] = []): Promise<Running> {
  const folder = scopeFolder(join(dir, "sandboxes"), { kind: "session", key: keyOf(session) });
  const source = session.access === "rw" ? session.agentWorkspaceDir : folder.workspaceDir;
  const workspace: SandboxMount = { source, target: "/workspace", readOnly: false, purpose: "workspace" };
  const agent: SandboxMount[] =
    session.access === "ro"
      ? [{ source: session.agentWorkspaceDir, target: "/agent", readOnly: true, purpose: "agent" }]
      : [];
  const container = await new Docker().createContainer({
    Image: inject("baseImage"),
    Cmd: ["sleep", "infinity"],
    User: `${session.uid}:${session.uid}`,
    Env: Object.entries(home.environment).map(([name, value]) => `${name}=${value}`),
    Labels: { [testLabel]: inject("testRun") },
    HostConfig: {
      ...{ Init: true, ReadonlyRootfs: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"] },
      NetworkMode: "none",
      Mounts: [workspace, ...agent, ...home.mounts, ...extra].map(({ source, target, readOnly }) => ({
        ...{ Type: "bind", Source: source, Target: target, ReadOnly: readOnly },
      })),
      Tmpfs: {
        ...{ "/tmp": "", "/run": "" },
        ...Object.fromEntries(
          home.tmpfs.map(({ target, sizeBytes, mode, uid, gid }) => [
            target,
            `rw,nosuid,nodev,size=${sizeBytes},mode=${mode.toString(8)},uid=${uid},gid=${gid}`,
          ]),
        ),
      },
    },
  });
  const { id } = container;
  started.push(id);
  await container.start();
  const run = async (...command: readonly string[]) => {
    const limits = { outputLimitBytes: 1_000_000, timeoutMs: 120_000 };
    const { exitCode, stdout, stderr } = await engine.containers.exec(id, { command, ...limits });
    if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${exitCode}: ${stderr}`);
    return stdout.replace(/\n$/, "");
  };
  return { id, run, sh: (script) => run("sh", "-c", script) };
}

/** As a skill's own program might log in: once where XDG says, once each where older programs write. */
const logIn = (token: string) => `
  set -e
  mkdir -p "$XDG_CONFIG_HOME/x"
  printf %s ${token}-xdg >"$XDG_CONFIG_HOME/x/token"
  printf %s ${token}-netrc >"$HOME/.netrc"
  printf %s ${token}-json >~/.x.json
  printf %s ${token}-shm >/dev/shm/x
  printf %s ${token}-tmp >/tmp/x
  printf %s ${token}-run >"$XDG_RUNTIME_DIR/x"
  X_TOKEN=${token}-env sleep 600 >/dev/null 2>&1 &`;

const readLogin = 'cat "$XDG_CONFIG_HOME/x/token" "$HOME/.netrc" ~/.x.json';

/** Everything that can be read: files of all mounts, processes, shared memory; and names by glob. */
const searchFor = (word: string) => `
  { grep -rlasI ${word} /workspace /agent /tmp /var/tmp /run /dev/shm /home /root /etc /opt /srv /mnt 2>/dev/null
    for process in /proc/[0-9]*; do
      # The search has the word itself in its arguments.
      case " $$ $PPID " in *" \${process#/proc/} "*) continue ;; esac
      tr '\\0' '\\n' <$process/environ 2>/dev/null | grep -s ${word} | sed "s|^|$process/environ: |"
    done
    find / -xdev -path /proc -prune -o -name '*${word}*' -print 2>/dev/null
    ls -d /workspace/*${word}* /workspace/../*${word}* /workspace/home/*/*${word}* 2>/dev/null
  } | sort -u`;

describe.each(
  users.flatMap((uid) => (["none", "ro", "rw"] as const).map((access) => [access, uid] as const)),
)("two sessions, workspace access %s, uid %i", (access, uid) => {
  test("neither finds the other's login, and both are logged in after their containers are made anew", async () => {
    const agentWorkspaceDir = join(dir, `agent-${access}-${uid}`);
    mkdirSync(agentWorkspaceDir);
    if (isRoot) await execa("chown", [`${uid}:${uid}`, agentWorkspaceDir]);
    const sessions = ["alice", "bob"].map((name): Session => ({ name, uid, access, agentWorkspaceDir }));
    const first = await Promise.all(sessions.map(async (session) => start(session, await prepare(session))));
    const [alice, bob] = first;
    if (alice === undefined || bob === undefined) throw new Error("two containers were started");
    await Promise.all([alice.sh(logIn("canary-alice")), bob.sh(logIn("canary-bob"))]);

    // The search finds what is there to be found.
    const own = await alice.sh(searchFor("canary-alice"));
    for (const place of ["home/.netrc", "home/.x.json", "x/token", "/dev/shm/x", "/tmp/x", "/environ"]) {
      expect(own).toContain(place);
    }
    expect(await alice.sh(searchFor("canary-bob"))).toBe("");
    expect(await bob.sh(searchFor("canary-alice"))).toBe("");
    // On the host, what a session shares with others holds nothing.
    const { stdout } = await execa("grep", ["-rl", "canary", agentWorkspaceDir], { reject: false });
    expect(stdout).toBe("");

    await remove(alice.id, bob.id);
    const second = await Promise.all(sessions.map(async (session) => start(session, await prepare(session))));
    const logins = await Promise.all(second.map((container) => container.sh(readLogin)));
    expect(logins).toEqual(
      ["alice", "bob"].map((name) => `canary-${name}-xdgcanary-${name}-netrccanary-${name}-json`),
    );
    // What is not to last does not.
    expect(await second[0]?.sh('ls "$XDG_RUNTIME_DIR" /dev/shm /tmp | grep -c canary || true')).toBe("0");
    await remove(...second.map(({ id }) => id));
  });
});

describe.each(users)("uid %i", (uid) => {
  test("every program gives the same answer to where HOME is, and can write there", async () => {
    const session: Session = { name: "answers", uid, access: "none", agentWorkspaceDir: dir };
    const home = await prepare(session);
    // Node and Python of this machine, with its own loader and libraries: the test image has neither.
    const node = realpathSync(process.execPath);
    const mounts = [...new Set(["/usr", dirname(node)])].map(
      (source): SandboxMount => ({ source, target: `/host${source}`, readOnly: true, purpose: "import" }),
    );
    const container = await start(session, home, mounts);
    const answers: Record<string, string> = {};
    const ask = async (name: string, words: readonly string[]) => {
      answers[name] = (await container.run(...words)).trim();
    };
    const loader = await container.sh(
      "ls /host/usr/lib64/ld-linux-*.so.* /host/usr/lib/ld-linux-*.so.* 2>/dev/null | head -1",
    );
    const libraries = await container.sh("ls -d /host/usr/lib/*-linux-gnu /host/usr/lib64 | paste -sd:");
    const hostProgram = [loader, "--library-path", libraries];
    const python = (code: string) => [
      ...["env", "PYTHONHOME=/host/usr", ...hostProgram, `/host${realpathSync("/usr/bin/python3")}`],
      ...["-c", code],
    ];
    await ask("printenv", ["printenv", "HOME"]);
    await ask("sh -c", ["sh", "-c", "cd && pwd && echo ~ && echo $HOME"]);
    await ask("sh -lc", ["sh", "-lc", "cd && pwd && echo ~ && echo $HOME"]);
    await ask("bash -lc", ["bash", "-lc", "cd && pwd && echo ~ && echo $HOME"]);
    await ask("without HOME", ["env", "-u", "HOME", "bash", "-lc", "echo ~"]);
    await ask("getent", ["sh", "-c", `getent passwd ${uid} | cut -d: -f6`]);
    await ask("Path.home()", python("from pathlib import Path; print(Path.home())"));
    await ask("pwd", python("import os, pwd; print(pwd.getpwuid(os.getuid()).pw_dir)"));
    const nodeCode = "os = require('node:os'); console.log(os.homedir()); console.log(os.userInfo().homedir)";
    await ask("os.homedir()", [...hostProgram, `/host${node}`, "-e", nodeCode]);
    for (const [name, answer] of Object.entries(answers)) {
      expect([name, new Set(answer.split("\n"))]).toEqual([name, new Set(["/workspace/home"])]);
    }
    expect(await container.sh("whoami; id -gn; id -u")).toBe(`sandbox\nsandbox\n${uid}`);
    const writable =
      'for v in HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR; do eval "d=\\$$v"; touch "$d/t" && stat -c "%a %u" "$d"; done';
    expect(await container.sh(writable)).toBe(Array.from({ length: 6 }, () => `700 ${uid}`).join("\n"));
    expect(await container.sh("echo x >>/etc/passwd || echo refused")).toBe("refused");
    // Packages find the accounts that every Debian has.
    expect(
      await container.sh("getent passwd www-data nobody _apt | wc -l; getent group tty shadow | wc -l"),
    ).toBe("3\n2");
    await remove(container.id);
  });
});

test("a home where docker.env puts it, and a host's login that cannot be changed inside", async () => {
  const [uid = 1000] = users;
  const session: Session = { name: "placed", uid, access: "none", agentWorkspaceDir: dir };
  const hostHome = join(dir, "host-home");
  mkdirSync(join(hostHome, ".config", "gh"), { recursive: true });
  writeFileSync(join(hostHome, ".config", "gh", "hosts.yml"), "github.com:\n    oauth_token: gho_x\n", {
    mode: 0o600,
  });
  const home = await prepare(session, {
    dockerEnv: {
      HOME: "/workspace/me",
      XDG_DATA_HOME: "/workspace/data",
      XDG_RUNTIME_DIR: "/workspace/me/run",
    },
    imports: ["gh"],
    importFrom: { homeDir: hostHome, sshAuthSock: null },
  });
  const container = await start(session, home);
  expect(await container.sh("getent passwd $(id -u) | cut -d: -f6; cd && pwd")).toBe(
    "/workspace/me\n/workspace/me",
  );
  await container.sh('touch ~/a "$XDG_DATA_HOME/b" "$XDG_RUNTIME_DIR/c"');
  expect(readdirSync(home.dir)).toContain("a");
  expect(readdirSync(join(home.dir, "..", "xdg-data"))).toEqual(["b"]);
  expect(readdirSync(join(home.dir, "run"))).toEqual([]);
  expect(await container.sh('grep -c gho_x "$GH_CONFIG_DIR/hosts.yml"')).toBe("1");
  expect(
    await container.sh('touch "$GH_CONFIG_DIR/new" || chmod 600 "$GH_CONFIG_DIR/hosts.yml" || echo refused'),
  ).toBe("refused");
  await remove(container.id);
});
