import { chownSync, copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { plannedHash } from "../../src/cli/planned-hash.ts";
import { parseConfigDocument } from "../../src/config/config-document.ts";
import { resolveSession } from "../../src/config/session/resolve-session.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { packageDir } from "../../src/host/package-dir.ts";
import { auditContainer } from "../../src/sandbox/audit/audit-container.ts";
import { loadSandboxConfig } from "../../src/sandbox/config/load-sandbox-config.ts";
import { compareContainer } from "../../src/sandbox/container/compare-container.ts";
import { createSandboxManager } from "../../src/sandbox/create-sandbox-manager.ts";
import { explainSandbox } from "../../src/sandbox/explain/explain-sandbox.ts";
import { listSandboxes } from "../../src/sandbox/life/list-sandboxes.ts";
import { configurationText } from "../config/effective.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const docker = new Docker();
const mebibyte = 1_048_576;
let engine: Engine;
let dir: string;
let network: Docker.Network;
const made: string[] = [];

beforeAll(async () => {
  engine = await connectTestEngine();
  dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-configured-"));
  network = await docker.createNetwork({
    Name: `skillcrate-test-${process.pid}-team`,
    Labels: { [testLabel]: inject("testRun") },
  });
});

afterAll(async () => {
  for (const id of made) await engine.containers.remove(id);
  await network.remove();
  rmSync(dir, { recursive: true, force: true });
});

/** What a container is to be where nothing else is said. */
const closed = {
  network: "none",
  readOnlyRoot: true,
  memory: 1024 * mebibyte,
  memorySwap: 1024 * mebibyte,
  pids: 256,
  nanoCpus: 1e9,
  workdir: "/workspace",
  extraHosts: [] as readonly string[],
  dns: [] as readonly string[],
  tmpfs: ["/run", "/tmp", "/var/tmp"],
  prune: "24/7",
  env: { LANG: "C.UTF-8", HOME: "/workspace/home" } as Readonly<Record<string, string>>,
  mounts: { "/workspace": "rw", "/workspace/skills": "ro", "/workspace/home": "rw" } as Readonly<
    Record<string, string>
  >,
};

const books = { "/books": "ro" };
const agentsOwn = { "/workspace": "rw", "/skills": "ro", "/workspace/home": "rw" };
const alsoAgent = { ...closed.mounts, "/agent": "ro" };
const hostName = ["host.docker.internal:host-gateway"];

interface Judged {
  readonly file: string;
  readonly session: string;
  /** Null: it has no sandbox. What is not named is {@link closed}. */
  readonly container:
    | (Partial<Omit<typeof closed, "network">> & { readonly network?: string; readonly user?: string })
    | null;
}

/** By hand, from the text of each configuration and the gateway's documentation of its keys. */
const judged: readonly Judged[] = [
  { file: "single-agent", session: "agent:main:main", container: null },
  { file: "single-agent", session: "agent:main:telegram:group:1", container: { mounts: agentsOwn } },
  {
    file: "per-agent-overrides",
    session: "agent:main:main",
    container: {
      memory: 2048 * mebibyte,
      memorySwap: 2048 * mebibyte,
      prune: "48/7",
      env: { LANG: "de_DE.UTF-8", TZ: "Europe/Berlin" },
      mounts: { ...closed.mounts, ...books },
    },
  },
  {
    file: "per-agent-overrides",
    session: "agent:build:main",
    container: {
      network: "bridge",
      memory: 4096 * mebibyte,
      memorySwap: 4096 * mebibyte,
      nanoCpus: 2e9,
      tmpfs: ["/tmp"],
      prune: "48/0",
      env: { LANG: "de_DE.UTF-8", TZ: "UTC", CI: "1" },
      mounts: { ...agentsOwn, ...books, "/cache": "rw" },
    },
  },
  { file: "per-agent-overrides", session: "agent:host:main", container: null },
  {
    file: "shared-scope",
    session: "agent:work:main",
    container: { memory: 3072 * mebibyte, memorySwap: 3072 * mebibyte, prune: "0/7", mounts: alsoAgent },
  },
  {
    file: "shared-scope",
    session: "agent:solo:main",
    container: { memory: 1024 * mebibyte, memorySwap: 1024 * mebibyte, prune: "0/7" },
  },
  { file: "family-agents", session: "agent:main:main", container: null },
  {
    file: "family-agents",
    session: "agent:family:whatsapp:group:120363@g.us",
    container: { mounts: alsoAgent },
  },
  {
    file: "read-only-reviewer",
    session: "agent:reviewer:main",
    container: {
      user: "1001:1001",
      memory: 512 * mebibyte,
      memorySwap: 512 * mebibyte,
      pids: 64,
      nanoCpus: 5e8,
      prune: "1/1",
      mounts: alsoAgent,
    },
  },
  { file: "cron-sessions", session: "agent:main:home", container: null },
  { file: "cron-sessions", session: "cron:nightly", container: { prune: "6/2" } },
  {
    file: "gateway-link",
    session: "agent:main:main",
    container: {
      network: "bridge",
      extraHosts: hostName,
      dns: ["10.0.0.53"],
      env: {
        OPENCLAW_GATEWAY_URL: "ws://host.docker.internal:18789",
        OPENCLAW_ALLOW_INSECURE_PRIVATE_WS: "1",
      },
    },
  },
  { file: "browser", session: "agent:main:main", container: { mounts: { ...closed.mounts, ...books } } },
  { file: "old-forms", session: "agent:main:main", container: null },
  { file: "old-forms", session: "agent:main:slack:channel:1", container: {} },
  { file: "old-forms", session: "agent:team:slack:channel:1", container: {} },
  {
    file: "everything",
    session: "agent:main:main",
    container: {
      network: "team",
      readOnlyRoot: false,
      user: "1500:1600",
      memory: 1536 * mebibyte,
      memorySwap: 2048 * mebibyte,
      pids: 512,
      nanoCpus: 1.5e9,
      workdir: "/workspace/project",
      extraHosts: ["db.internal:10.0.0.7", "host.docker.internal:host-gateway"],
      dns: ["1.1.1.1", "2606:4700:4700::1111"],
      tmpfs: ["/run", "/tmp"],
      prune: "12/3",
      mounts: { ...agentsOwn, "/data": "ro", "/out": "rw" },
    },
  },
  { file: "guide-minimal", session: "agent:main:main", container: null },
  { file: "guide-minimal", session: "agent:main:discord:channel:1", container: {} },
  {
    file: "guide-bridge-extra-host",
    session: "agent:main:discord:channel:1",
    container: { network: "bridge", extraHosts: hostName },
  },
  { file: "guide-bind-lan", session: "agent:main:discord:channel:1", container: {} },
  { file: "guide-remote-client", session: "agent:main:discord:channel:1", container: null },
  {
    file: "guide-client-environment",
    session: "agent:main:discord:channel:1",
    container: {
      network: "bridge",
      extraHosts: hostName,
      env: {
        OPENCLAW_CONFIG_PATH: "/workspace/.openclaw/openclaw.json",
        OPENCLAW_STATE_DIR: "/workspace/.openclaw-state",
      },
    },
  },
  { file: "guide-cron-in-the-clamp", session: "agent:main:cron:1", container: {} },
  {
    file: "guide-home-and-dm-scope",
    session: "agent:main:telegram:direct:42",
    container: {
      env: {
        HOME: "/workspace/home",
        XDG_CONFIG_HOME: "/workspace/home/.config",
        XDG_DATA_HOME: "/workspace/home/.local/share",
      },
    },
  },
];

/** The same configuration on this machine: its folders, an image that is there, and without what only some hosts have. */
function onThisMachine(name: string): { readonly homeDir: string; readonly text: string } {
  const root = mkdtempSync(join(dir, `${name}-`));
  const homeDir = join(root, "home");
  const folders = [
    ...["build", "build/cache", "src/project", ".openclaw/workspace", ".openclaw/workspace-family"].map(
      (path) => join(homeDir, path),
    ),
    join(homeDir, ".openclaw/sandboxes/shared/books"),
    ...["", "/data", "/out", "/downloads", "/project"].map((path) => join(root, `srv/agents/main${path}`)),
  ];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    // A workspace of root's is refused where a sandbox is to write.
    if (process.geteuid?.() === 0) chownSync(folder, 1000, 1000);
  }
  mkdirSync(join(root, "srv/profiles"));
  copyFileSync(join(packageDir(), "data/seccomp/sandbox.json"), join(root, "srv/profiles/seccomp.json"));
  const text = configurationText(name)
    .replaceAll("/home/me", homeDir)
    .replaceAll('"/srv/', `"${root}/srv/`)
    .replaceAll(/image: "[^"]*"/g, `image: ${JSON.stringify(inject("baseImage"))}`)
    .replaceAll(/(containerPrefix: ")[^"]*"/g, '$1skillcrate-test-"')
    .replaceAll(/network: "team-net"/g, `network: "skillcrate-test-${process.pid}-team"`)
    .replaceAll(/^\s*(?:gpus|runtime|apparmorProfile): .*\n/gm, "")
    .replaceAll(/setupCommand: \[.*\]/g, 'setupCommand: ["touch ~/was-set-up", "test -f ~/was-set-up"]');
  return { homeDir, text };
}

describe("a real container is what its configuration says", () => {
  it.each(judged)("$file: $session", async ({ file, session: sessionKey, container }) => {
    const { homeDir, text } = onThisMachine(file);
    const stateDir = join(homeDir, ".openclaw");
    const { document } = parseConfigDocument(text, {
      file: join(stateDir, "openclaw.json"),
      stateDir,
      homeDir,
    });
    const config = document.valueAt([]);
    const sandboxOf = (agentId: string) => loadSandboxConfig(document, agentId).config;
    const session = resolveSession({ config, sandboxOf, sessionKey });
    expect(session.sandboxed).toBe(container !== null);
    if (container === null) return;
    const loaded = loadSandboxConfig(document, session.agentId);
    expect(loaded.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    await using manager = createSandboxManager({ engine, stateDir, homeDir });
    const sandbox = await manager.ensure({
      session,
      config: loaded.config,
      skills: {
        sources: { config, stateDir, homeDir, bundledDir: null },
        choice: { names: [], facts: null },
      },
    });
    made.push(sandbox.id);
    const details = await engine.sandboxes.inspect(sandbox.id);
    expect(compareContainer(sandbox.plan, details?.inspected)).toEqual([]);
    expect(auditedChecks(details?.inspected)).toEqual(openedBy(container));
    const real = await seen(sandbox.id, container);
    expect(real).toEqual(expectedOf(container));
    const { workspaceRoot } = loaded.config;
    const explained = await explainSandbox({
      ...{ document, session, resolved: loaded, hostBins: [] },
      gateway: { engine, owner: manager.owner, workspaceRoot: workspaceRoot.value },
      skills: { ground: { config, stateDir, homeDir, workspaceDir: null, bundledDir: null }, names: [] },
      secrets: { stored: new Map(), gatewayEnv: {}, rules: [] },
      signal: AbortSignal.timeout(30_000),
    });
    // What is explained is what the engine has, and what would be made now is what is there.
    expect(explained.container).toMatchObject({
      ...{ id: sandbox.id, state: "running", differences: [], network: real.network, user: real.user },
      ...{
        readOnlyRoot: real.readOnlyRoot,
        memoryBytes: real.memory,
        pids: real.pids,
        cpus: (real.nanoCpus ?? 0) / 1e9,
      },
    });
    const gateway = { engine, owner: manager.owner, workspaceRoot: workspaceRoot.value };
    const [summary] = (await listSandboxes(gateway)).filter(({ id }) => id === sandbox.id);
    if (summary === undefined) throw new Error("it is not in the list");
    const hashNow = plannedHash(gateway, document, AbortSignal.timeout(30_000));
    expect(await hashNow(summary)).toBe(sandbox.plan.hash);
    expect(JSON.stringify(explained)).not.toContain("not-for-print");
  });
});

/** AppArmor is the engine's, which this test knows nothing of. */
function auditedChecks(inspected: unknown): readonly string[] {
  return auditContainer("it", inspected, { appArmor: null }).map(({ check }) => check);
}

/** Of the benchmark's checks a sandbox of ours fails only those that its configuration asks to fail. */
function openedBy({
  network: name,
  readOnlyRoot = true,
}: NonNullable<Judged["container"]>): readonly string[] {
  return [...(readOnlyRoot ? [] : ["CIS-5.13"]), ...(name === "bridge" ? ["CIS-5.30"] : [])];
}

function expectedOf({
  network: name,
  user = "1000:1000",
  env = {},
  mounts = closed.mounts,
  ...rest
}: NonNullable<Judged["container"]>) {
  const { network: none, env: always, mounts: _, ...others } = closed;
  return {
    ...others,
    ...rest,
    user,
    network: name === "team" ? `skillcrate-test-${process.pid}-team` : (name ?? none),
    env: { ...(env["LANG"] === undefined ? always : { HOME: always["HOME"] }), ...env },
    mounts,
    capDrop: ["ALL"],
    privileged: false,
    restart: "no",
    noNewPrivileges: true,
  };
}

/** The same words for what the engine made; of mounts and variables only those that were judged. */
async function seen(id: string, container: NonNullable<Judged["container"]>) {
  const { HostConfig: host, Config: config, Mounts: mounts } = await docker.getContainer(id).inspect();
  const expected = expectedOf(container);
  const variables = new Map(
    config.Env.map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]),
  );
  const targets = new Map(mounts.map(({ Destination, RW }) => [Destination, RW ? "rw" : "ro"]));
  return {
    network: host.NetworkMode,
    readOnlyRoot: host.ReadonlyRootfs,
    memory: host.Memory,
    memorySwap: host.MemorySwap,
    pids: host.PidsLimit,
    nanoCpus: host.NanoCpus,
    workdir: config.WorkingDir,
    extraHosts: [...(host.ExtraHosts ?? [])].sort(),
    dns: host.Dns ?? [],
    // The home's own is of no configuration.
    tmpfs: Object.keys(host.Tmpfs ?? {})
      .filter((target) => !target.startsWith("/run/user"))
      .sort(),
    prune: ["idle-hours", "max-age-days"]
      .map((name) => config.Labels[`dev.skillcrate.prune-${name}`])
      .join("/"),
    user: config.User,
    env: Object.fromEntries(Object.keys(expected.env).map((name) => [name, variables.get(name)])),
    mounts: Object.fromEntries(Object.keys(expected.mounts).map((target) => [target, targets.get(target)])),
    capDrop: host.CapDrop,
    privileged: host.Privileged,
    restart: host.RestartPolicy?.Name,
    noNewPrivileges: host.SecurityOpt?.includes("no-new-privileges"),
  };
}
