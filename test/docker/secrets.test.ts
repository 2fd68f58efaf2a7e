import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { inspect } from "node:util";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { pipesOf } from "../../src/cli/pipes.ts";
import { runCli } from "../../src/cli/run-cli.ts";
import type { SkillcrateError } from "../../src/diagnostic/skillcrate-error.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Home } from "../../src/sandbox/home/home-request.ts";
import { prepareHome } from "../../src/sandbox/home/prepare-home.ts";
import { mirrorSkills } from "../../src/sandbox/mirror-skills.ts";
import type { MirroredSkills } from "../../src/sandbox/mirror-skills-request.ts";
import { sandboxEnvironment } from "../../src/sandbox/sandbox-environment.ts";
import { scopeFolder } from "../../src/sandbox/scope-folder.ts";
import { planSecretFiles } from "../../src/sandbox/secrets/plan-secret-files.ts";
import { planSecrets, type SecretsPlan } from "../../src/sandbox/secrets/plan-secrets.ts";
import { changeSecretFile, readSecretFile } from "../../src/sandbox/secrets/secret-file.ts";
import { type ExecWithInput, writeSecretFiles } from "../../src/sandbox/secrets/write-secret-files.ts";
import { bindMounts } from "../support/bind-mounts.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const canary = `canary-${randomUUID()}`;
const denied = `denied-${randomUUID()}`;
const docker = new Docker();
/** As root another user than ours, as a gateway that runs as root has; else ourselves. */
const user =
  process.geteuid?.() === 0
    ? { uid: 1000, gid: 1000 }
    : { uid: process.geteuid?.() ?? 1000, gid: process.getegid?.() ?? 1000 };
const scope = { kind: "session", key: "agent:main:canary" } as const;
const marker = randomUUID();

let dir: string;
let engine: Engine;
let id: string;
let startedSeconds: number;
let skills: MirroredSkills;
let home: Home;
let secrets: SecretsPlan;
let dockerEnv: Record<string, string>;
/** Everything that was printed, returned or thrown on the way. */
const said: string[] = [];

beforeAll(async () => {
  startedSeconds = Math.floor(Date.now() / 1000);
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-secrets-"));
  chmodSync(dir, 0o755);
  const workspaceRoot = join(dir, "sandboxes");
  const stateDir = join(dir, "state");
  const skillDir = join(stateDir, "skills", "notes");
  mkdirSync(skillDir, { recursive: true });
  const metadata = JSON.stringify({ openclaw: { requires: { env: ["CANARY_TOKEN"] } } });
  writeFileSync(join(skillDir, "SKILL.md"), `---\nname: notes\ndescription: d\nmetadata: ${metadata}\n---\n`);
  const folder = scopeFolder(workspaceRoot, scope);
  const stored = new Map([
    ["CANARY_TOKEN", canary],
    ["UNDECLARED", denied],
  ]);
  said.push(JSON.stringify(await changeSecretFile(workspaceRoot, folder, stored)));
  const sources = { config: undefined, stateDir, homeDir: dir, workspaceDir: null, bundledDir: null };
  const ground = { scope, workspaceRoot, workspaceAccess: "none", sandboxUser: user } as const;
  skills = await mirrorSkills({ ...ground, sources, choice: { names: null, facts: null } });
  home = await prepareHome({ ...ground, agentWorkspaceDir: null });
  const file = readSecretFile(folder);
  secrets = planSecrets({ skills: skills.skills, stored: file.values, config: undefined, rules: [] });
  dockerEnv = { LANG: "C.UTF-8", MARKER: marker };
  const { env: _, ...explained } = sandboxEnvironment({ home: home.environment, dockerEnv, secrets });
  said.push(
    ...[skills, home, file, secrets, explained].map(
      (value) => inspect(value, { depth: 9 }) + JSON.stringify(value),
    ),
  );
  engine = await connectTestEngine();
  const { tmpfs } = planSecretFiles(secrets, user);
  const container = await docker.createContainer({
    Image: inject("baseImage"),
    Entrypoint: ["sleep"],
    Cmd: ["600"],
    User: `${user.uid}:${user.gid}`,
    Labels: { [testLabel]: inject("testRun") },
    Env: Object.entries(sandboxEnvironment({ home: home.environment, dockerEnv, secrets: null }).env).map(
      (pair) => pair.join("="),
    ),
    HostConfig: {
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      Init: true,
      Tmpfs: {
        [tmpfs.target]: `rw,nosuid,nodev,noexec,size=${tmpfs.sizeBytes},mode=0700,uid=${tmpfs.uid},gid=${tmpfs.gid}`,
      },
      Mounts: bindMounts([...skills.mounts, ...home.mounts]),
    },
  });
  id = container.id;
  await engine.containers.start(id);
});

afterAll(async () => {
  await engine.containers.remove(id);
  rmSync(dir, { recursive: true, force: true });
});

function sh(script: string, env: Readonly<Record<string, string>> = {}) {
  const command = ["sh", "-c", script];
  return engine.containers.exec(id, { command, env, outputLimitBytes: 100_000, timeoutMs: 30_000 });
}

/** As a gateway without an API client would do it: what is secret goes through standard input. */
const execWithInput: ExecWithInput = async ({ command, user, input, signal }) => {
  const { exitCode, stderr } = await execa("docker", ["exec", "-i", "--user", user, id, ...command], {
    input,
    reject: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  return { exitCode: exitCode ?? null, stderr };
};

describe("a secret reaches the one exec that may see it", () => {
  test("and its program alone: another exec of the container has nothing of it", async () => {
    const { env } = sandboxEnvironment({ home: home.environment, dockerEnv, secrets });
    const [withSecret, without] = await Promise.all([
      sh('printf %s "$CANARY_TOKEN" | sha256sum; env | cut -d= -f1; sleep 1', env),
      sh("sleep 0.3; env"),
    ]);
    expect(withSecret.stdout).toContain(createHash("sha256").update(canary).digest("hex"));
    expect(withSecret.stdout).not.toContain("UNDECLARED");
    expect(without.stdout).toContain(marker);
    expect(without.stdout).not.toMatch(/CANARY_TOKEN|UNDECLARED/);
    said.push(withSecret.stdout, without.stdout, withSecret.stderr, without.stderr);
  });

  test("or in memory, as a file that only the sandbox's user may read", async () => {
    const plan = planSecretFiles(secrets, user);
    await writeSecretFiles(plan, execWithInput);
    await writeSecretFiles(plan, execWithInput);
    const { stdout } = await sh(
      `cd /run/secrets && ls -A && stat -c '%a %u %g' . CANARY_TOKEN && sha256sum < CANARY_TOKEN && stat -f -c %T .`,
    );
    const hash = createHash("sha256").update(canary).digest("hex");
    const owner = `${user.uid} ${user.gid}`;
    expect(stdout).toBe(`CANARY_TOKEN\n700 ${owner}\n400 ${owner}\n${hash}  -\ntmpfs\n`);
    said.push(stdout, inspect(plan, { depth: 9 }), JSON.stringify(plan));
  });

  test("any value, byte for byte; what a later plan has not goes", async () => {
    const value = `'"\`$A \\n\n\t é😀\n${"x".repeat(100_000)}`;
    const config = { skills: { entries: { notes: { env: { A: value, B: "b" } } } } };
    const skill = { name: "notes", skillKey: "notes", requires: { env: ["A", "B"] } };
    const plan = planSecrets({ skills: [skill], stored: new Map(), config, rules: [] });
    await writeSecretFiles(planSecretFiles(plan, user), execWithInput);
    const { stdout } = await sh("cd /run/secrets && ls -A && sha256sum < A");
    expect(stdout).toBe(`A\nB\n${createHash("sha256").update(value).digest("hex")}  -\n`);
    await writeSecretFiles(planSecretFiles({ ...plan, lines: [] }, user), execWithInput);
    expect((await sh("ls -A /run/secrets")).stdout).toBe("");
  });

  test("and never a disk: a folder that is no tmpfs is refused, and a cut transfer changes nothing", async () => {
    const plan = planSecretFiles(secrets, user);
    const elsewhere: ExecWithInput = ({ command, ...request }) =>
      execWithInput({ ...request, command: [...command.slice(0, -1), "/workspace"] });
    const cut: ExecWithInput = ({ input, ...request }) =>
      execWithInput({ ...request, input: input.slice(0, -9) });
    for (const exec of [elsewhere, cut]) {
      const error: SkillcrateError = await writeSecretFiles(plan, exec).catch((thrown) => thrown);
      expect(error.code).toBe("SECRET_FILES_FAILED");
      said.push(inspect(error, { depth: 9 }));
    }
    expect((await sh("ls -A /run/secrets /workspace")).stdout).not.toContain("CANARY_TOKEN");
  });
});

describe("a secret is in nothing else", () => {
  test("in no argument list of this machine while execs run", async () => {
    const { env } = sandboxEnvironment({ home: home.environment, dockerEnv, secrets });
    const running = Promise.all([
      sh("sleep 1", env),
      writeSecretFiles(planSecretFiles(secrets, user), execWithInput),
    ]);
    let over = false;
    void running.finally(() => {
      over = true;
    });
    let seen = 0;
    while (!over) {
      const lines = commandLines();
      if (lines.some((line) => line.includes("sleep\0" + "1\0"))) seen += 1;
      expect(lines.filter(holdsSecret)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await running;
    // The scan sees what runs in the container.
    expect(seen).toBeGreaterThan(0);
  });

  test("of what the engine knows: container, exec, image, history, events, logs, export", async () => {
    const container = docker.getContainer(id);
    const { env } = sandboxEnvironment({ home: home.environment, dockerEnv, secrets });
    const exec = await container.exec({
      Cmd: ["sh", "-c", "true"],
      Env: Object.entries(env).map((pair) => pair.join("=")),
      AttachStdout: true,
    });
    const stream = await exec.start({});
    stream.resume();
    const inspected = JSON.stringify([await container.inspect(), await exec.inspect()]);
    const image = docker.getImage(inject("baseImage"));
    const ofImage = JSON.stringify([await image.inspect(), await image.history()]);
    const logs = (await container.logs({ stdout: true, stderr: true })).toString("latin1");
    const now = Math.ceil(Date.now() / 1000) + 1;
    const filters = { container: [id] };
    const events = await buffer(await docker.getEvents({ since: startedSeconds, until: now, filters }));
    const exported = await buffer(await container.export());
    // Searching finds what is there.
    expect(inspected).toContain(marker);
    expect(events.toString()).toContain("exec_create");
    expect(exported.includes("etc/debian_version")).toBe(true);
    for (const text of [inspected, ofImage, logs, events.toString("latin1"), exported.toString("latin1")]) {
      expect(holdsSecret(text)).toBe(false);
    }
  });

  test("of the scope's folder but .env, which no sandbox sees", async () => {
    const holding = filesBelow(dir).filter((path) => holdsSecret(readFileSync(path, "latin1")));
    expect(holding).toEqual([scopeFolder(join(dir, "sandboxes"), scope).envFile]);
    expect(filesBelow(dir).some((path) => path.endsWith("manifest.json"))).toBe(true);
    await writeSecretFiles(planSecretFiles({ ...secrets, lines: [] }, user), execWithInput);
    const { stdout } = await sh(
      "find / -xdev -name .env 2>/dev/null; grep -rlF canary- /workspace /tmp /run /home 2>/dev/null",
    );
    expect(stdout).toBe("");
  });

  test("of what was printed, returned or thrown", async () => {
    writeFileSync(join(dir, "broken.env"), `CANARY='${canary}\n${canary}\nLD_X=${canary}\n`);
    const session = ["--session", scope.key, "--workspace-root", join(dir, "sandboxes")];
    for (const argv of [
      ["secret", "list", ...session],
      ["secret", "import", "broken.env", ...session],
      ["secret", "set", "CANARY_TOKEN", canary, ...session],
      ["secret", "set", `--to=${canary}`],
      ["secret", "rm", "ABSENT", ...session],
      ["secret", "allow", "ABSENT", "--skill", "notes", ...session],
      ["home", "list", "--workspace-root", join(dir, "sandboxes")],
    ]) {
      said.push(await cli(argv), await cli([...argv, "--json"]));
    }
    expect(said.join("\n")).toContain("CANARY_TOKEN");
    expect(said.filter(holdsSecret)).toEqual([]);
  });
});

function holdsSecret(text: string): boolean {
  return [canary, denied].some((secret) =>
    [secret, Buffer.from(secret).toString("base64").slice(0, -4), secret.slice(7)].some((form) =>
      text.includes(form),
    ),
  );
}

function commandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "latin1")];
      } catch {
        // It has ended meanwhile.
        return [];
      }
    });
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function cli(argv: readonly string[]): Promise<string> {
  let printed = "";
  const sink = { write: (text: string) => (printed += text) };
  await runCli(argv, {
    env: { OPENCLAW_STATE_DIR: join(dir, "state"), SKILLCRATE_STATE_DIR: join(dir, "remembered") },
    cwd: dir,
    homeDir: dir,
    signal: new AbortController().signal,
    stdout: sink,
    stderr: sink,
    version: "0",
    terminal: null,
    pipes: pipesOf(process.stdin, process.stdout, process.stderr),
    crashed: new Promise(() => undefined),
  });
  return printed;
}
