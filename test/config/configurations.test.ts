import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { resolveSandboxConfig } from "../../src/config/resolve-sandbox-config.ts";
import { configuration, effectiveValues } from "./effective.ts";

const mebibyte = 1_048_576;
const gibibyte = 1_073_741_824;

/** What applies where nobody has written anything: the gateway's documented defaults, and safe limits where it has none. */
const unset: Readonly<Record<string, unknown>> = {
  mode: "off",
  scope: "session",
  workspaceAccess: "none",
  workspaceRoot: "/home/me/.openclaw/sandboxes",
  agentWorkspace: "/home/me/.openclaw/workspace",
  "docker.image": "openclaw-sandbox:bookworm-slim",
  "docker.containerPrefix": "openclaw-sbx-",
  "docker.workdir": "/workspace",
  "docker.readOnlyRoot": true,
  "docker.tmpfs": [
    { target: "/tmp", sizeBytes: 64 * mebibyte, mode: null, noExec: false },
    { target: "/var/tmp", sizeBytes: 64 * mebibyte, mode: null, noExec: false },
    { target: "/run", sizeBytes: 16 * mebibyte, mode: null, noExec: false },
  ],
  "docker.network": "none",
  "docker.user": null,
  "docker.capDrop": ["ALL"],
  "docker.env.LANG": "C.UTF-8",
  "docker.setupCommand": null,
  "docker.pidsLimit": 256,
  "docker.memoryBytes": gibibyte,
  "docker.memorySwapBytes": gibibyte,
  "docker.cpus": 1,
  "docker.ulimits.core": { soft: 0, hard: 0 },
  "docker.ulimits.nofile": { soft: 1024, hard: 4096 },
  "docker.gpus": null,
  "docker.seccompProfile": null,
  "docker.apparmorProfile": null,
  "docker.runtime": null,
  "docker.dns": [],
  "docker.extraHosts": [],
  "docker.dangerouslyAllowReservedContainerTargets": false,
  "docker.dangerouslyAllowExternalBindSources": false,
  "docker.dangerouslyAllowContainerNamespaceJoin": false,
  "browser.enabled": false,
  "browser.image": "openclaw-sandbox-browser:bookworm-slim",
  "browser.containerPrefix": "openclaw-sbx-browser-",
  "browser.cdpPort": 9222,
  "browser.vncPort": 5900,
  "browser.noVncPort": 6080,
  "browser.headless": false,
  "browser.enableNoVnc": true,
  "browser.autoStart": true,
  "browser.autoStartTimeoutMs": 12_000,
  "browser.allowHostControl": false,
  "browser.allowedControlUrls": [],
  "browser.allowedControlHosts": [],
  "browser.allowedControlPorts": [],
  "browser.network": null,
  "browser.cdpSourceRange": null,
  "browser.binds": null,
  "prune.idleHours": 24,
  "prune.maxAgeDays": 7,
};

interface Judged {
  readonly file: string;
  readonly agent: string;
  /** What differs from {@link unset}. */
  readonly differs: Readonly<Record<string, unknown>>;
  /** `CODE line:column`, in their order. */
  readonly problems?: readonly string[];
}

const books = { source: "/home/me/.openclaw/sandboxes/shared/books", target: "/books", readOnly: true };

const ofAll = {
  mode: "all",
  scope: "agent",
  "docker.image": "openclaw-sandbox-common:bookworm-slim",
  "docker.ulimits.nproc": { soft: 256, hard: 256 },
  "docker.binds.0": books,
  "docker.memoryBytes": 2 * gibibyte,
  "docker.memorySwapBytes": 2 * gibibyte,
  "docker.env.LANG": "de_DE.UTF-8",
  "docker.env.TZ": "Europe/Berlin",
  "prune.idleHours": 48,
};

const sharedByAll = {
  mode: "all",
  scope: "shared",
  "docker.memoryBytes": 3 * gibibyte,
  "docker.memorySwapBytes": 3 * gibibyte,
  "prune.idleHours": 0,
};

/** Judged by hand. */
const table: readonly Judged[] = [
  { file: "single-agent", agent: "main", differs: { mode: "non-main", workspaceAccess: "rw" } },
  { file: "per-agent-overrides", agent: "main", differs: ofAll },
  {
    file: "per-agent-overrides",
    agent: "build",
    differs: {
      ...ofAll,
      workspaceAccess: "rw",
      agentWorkspace: "/home/me/build",
      "docker.network": "bridge",
      "docker.env.TZ": "UTC",
      "docker.env.CI": "1",
      "docker.memoryBytes": 4 * gibibyte,
      "docker.memorySwapBytes": 4 * gibibyte,
      "docker.cpus": 2,
      "docker.ulimits.nproc": { soft: 512, hard: 1024 },
      "docker.binds.1": { source: "/home/me/build/cache", target: "/cache", readOnly: false },
      "docker.tmpfs": [{ target: "/tmp", sizeBytes: 256 * mebibyte, mode: null, noExec: false }],
      "prune.maxAgeDays": 0,
    },
  },
  { file: "per-agent-overrides", agent: "host", differs: { ...ofAll, mode: "off" } },
  // An agent that nobody has configured has what all agents have.
  { file: "per-agent-overrides", agent: "other", differs: ofAll },
  { file: "shared-scope", agent: "main", differs: sharedByAll },
  {
    file: "shared-scope",
    agent: "work",
    differs: { ...sharedByAll, workspaceAccess: "ro" },
    problems: ["CONFIG_SCOPE_SHARED 13:11", "CONFIG_SCOPE_SHARED 14:11", "CONFIG_SCOPE_SHARED 15:11"],
  },
  {
    file: "shared-scope",
    agent: "solo",
    differs: {
      ...sharedByAll,
      scope: "agent",
      "docker.memoryBytes": gibibyte,
      "docker.memorySwapBytes": gibibyte,
    },
  },
  { file: "family-agents", agent: "main", differs: {} },
  {
    file: "family-agents",
    agent: "family",
    differs: {
      mode: "all",
      scope: "agent",
      workspaceAccess: "ro",
      agentWorkspace: "/home/me/.openclaw/workspace-family",
    },
  },
  { file: "read-only-reviewer", agent: "main", differs: { mode: "non-main" } },
  {
    file: "read-only-reviewer",
    agent: "reviewer",
    differs: {
      mode: "all",
      workspaceAccess: "ro",
      agentWorkspace: "/home/me/src/project",
      "docker.pidsLimit": 64,
      "docker.memoryBytes": 512 * mebibyte,
      "docker.memorySwapBytes": 512 * mebibyte,
      "docker.cpus": 0.5,
      "docker.user": { uid: 1001, gid: 1001 },
      "prune.idleHours": 1,
      "prune.maxAgeDays": 1,
    },
  },
  {
    file: "cron-sessions",
    agent: "main",
    differs: {
      mode: "non-main",
      workspaceRoot: "/home/me/sandboxes",
      "prune.idleHours": 6,
      "prune.maxAgeDays": 2,
    },
  },
  {
    file: "gateway-link",
    agent: "main",
    differs: {
      mode: "all",
      "docker.network": "bridge",
      "docker.extraHosts": ["host.docker.internal:host-gateway"],
      "docker.dns": ["10.0.0.53"],
      "docker.env.OPENCLAW_GATEWAY_URL": "ws://host.docker.internal:18789",
      "docker.env.OPENCLAW_ALLOW_INSECURE_PRIVATE_WS": "1",
    },
  },
  {
    file: "browser",
    agent: "main",
    differs: {
      mode: "all",
      "docker.binds.0": books,
      "browser.enabled": true,
      "browser.cdpPort": 9333,
      "browser.autoStartTimeoutMs": 30_000,
      "browser.allowedControlUrls": ["https://browser.internal:9222"],
      "browser.allowedControlHosts": ["browser.internal"],
      "browser.allowedControlPorts": [9222, 443],
      "browser.cdpSourceRange": "172.21.0.1/32",
      // Set, and empty: the browser has none, whatever docker.binds says.
      "browser.binds": undefined,
    },
  },
  {
    file: "old-forms",
    agent: "main",
    differs: {
      mode: "non-main",
      "docker.image": "clawdbot-sandbox:bookworm-slim",
      "docker.containerPrefix": "clawdbot-sbx-",
    },
    problems: ["CONFIG_OLD_FORM 7:21"],
  },
  {
    file: "old-forms",
    agent: "team",
    differs: {
      mode: "non-main",
      scope: "shared",
      "docker.image": "clawdbot-sandbox:bookworm-slim",
      "docker.containerPrefix": "clawdbot-sbx-",
    },
    problems: ["CONFIG_OLD_FORM 7:21", "CONFIG_OLD_FORM 15:32", "CONFIG_SCOPE_SHARED 15:39"],
  },
  {
    file: "everything",
    agent: "main",
    differs: {
      mode: "all",
      scope: "agent",
      workspaceAccess: "rw",
      workspaceRoot: "/srv/sandboxes",
      agentWorkspace: "/srv/agents/main",
      "docker.image": "registry.example.com:5000/team/openclaw-sandbox-skills:mine",
      "docker.containerPrefix": "team-sbx-",
      "docker.workdir": "/workspace/project",
      "docker.readOnlyRoot": false,
      "docker.tmpfs": [
        { target: "/tmp", sizeBytes: 128 * mebibyte, mode: 0o1777, noExec: true },
        { target: "/run", sizeBytes: 16 * mebibyte, mode: null, noExec: false },
      ],
      "docker.network": "team-net",
      "docker.user": { uid: 1500, gid: 1600 },
      "docker.env.HOME": "/workspace/home",
      "docker.setupCommand": "git config --global init.defaultBranch main\ngit --version",
      "docker.pidsLimit": 512,
      "docker.memoryBytes": 1.5 * gibibyte,
      "docker.memorySwapBytes": 2 * gibibyte,
      "docker.cpus": 1.5,
      "docker.ulimits.nofile": { soft: 2048, hard: 8192 },
      "docker.ulimits.nproc": { soft: 256, hard: 512 },
      "docker.gpus": { deviceIds: ["0", "1"] },
      "docker.seccompProfile": "/srv/profiles/seccomp.json",
      "docker.apparmorProfile": "team-sandbox",
      "docker.runtime": "runsc",
      "docker.dns": ["1.1.1.1", "2606:4700:4700::1111"],
      "docker.extraHosts": ["host.docker.internal:host-gateway", "db.internal:10.0.0.7"],
      "docker.binds.0": { source: "/srv/agents/main/data", target: "/data", readOnly: true },
      "docker.binds.1": { source: "/srv/agents/main/out", target: "/out", readOnly: false },
      "browser.enabled": true,
      "browser.containerPrefix": "team-browser-",
      "browser.cdpPort": 9300,
      "browser.vncPort": 5901,
      "browser.noVncPort": 6081,
      "browser.headless": true,
      "browser.enableNoVnc": false,
      "browser.autoStart": false,
      "browser.autoStartTimeoutMs": 20_000,
      "browser.allowedControlUrls": ["http://10.0.0.7:9222/"],
      "browser.allowedControlHosts": ["10.0.0.7"],
      "browser.allowedControlPorts": [9222],
      "browser.network": "team-browser-net",
      "browser.cdpSourceRange": "10.0.0.0/8",
      "browser.binds": undefined,
      "browser.binds.0": { source: "/srv/agents/main/downloads", target: "/downloads", readOnly: false },
      "prune.idleHours": 12,
      "prune.maxAgeDays": 3,
    },
    problems: [
      "CONFIG_OPENED 15:25",
      "CONFIG_SETUP_NEEDS 21:25",
      "CONFIG_BIND_SHARED 33:53",
      "CONFIG_BIND_SHARED 55:19",
    ],
  },
  { file: "guide-minimal", agent: "main", differs: { mode: "non-main" } },
  {
    file: "guide-bridge-extra-host",
    agent: "main",
    differs: {
      mode: "non-main",
      "docker.network": "bridge",
      "docker.extraHosts": ["host.docker.internal:host-gateway"],
    },
  },
  { file: "guide-bind-lan", agent: "main", differs: { mode: "non-main" } },
  { file: "guide-remote-client", agent: "main", differs: {} },
  {
    file: "guide-client-environment",
    agent: "main",
    differs: {
      mode: "non-main",
      "docker.network": "bridge",
      "docker.extraHosts": ["host.docker.internal:host-gateway"],
      "docker.env.OPENCLAW_CONFIG_PATH": "/workspace/.openclaw/openclaw.json",
      "docker.env.OPENCLAW_STATE_DIR": "/workspace/.openclaw-state",
      "docker.env.OPENCLAW_GATEWAY_TOKEN": "not-for-print",
    },
    problems: ["SECRET_ENV_LITERAL 13:37"],
  },
  { file: "guide-cron-in-the-clamp", agent: "main", differs: { mode: "non-main" } },
  {
    file: "guide-home-and-dm-scope",
    agent: "main",
    differs: {
      mode: "all",
      "docker.env.HOME": "/workspace/home",
      "docker.env.XDG_CONFIG_HOME": "/workspace/home/.config",
      "docker.env.XDG_DATA_HOME": "/workspace/home/.local/share",
    },
  },
];

describe("whole configurations, judged by hand", () => {
  test.each(table)("$file, agent $agent", ({ file, agent, differs, problems = [] }) => {
    const { config, diagnostics } = resolveSandboxConfig(configuration(file), agent);
    expect(config.agentId).toBe(agent);
    const expected = Object.entries({ ...unset, ...differs }).filter(([, value]) => value !== undefined);
    expect(effectiveValues(config)).toEqual(Object.fromEntries(expected));
    const found = diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);
    expect(found).toEqual(problems);
  });

  test("are all in the table", () => {
    const files = readdirSync(fileURLToPath(new URL("configurations", import.meta.url)));
    const named = new Set(table.map(({ file }) => `${file}.json5`));
    expect(files.filter((file) => !named.has(file))).toEqual([]);
  });
});
