import type { GatewaySettings } from "../../config/gateway-settings.ts";
import { looksSecret } from "../../config/looks-secret.ts";
import type { Origin, SandboxConfig } from "../../config/sandbox-config.ts";
import type { DmScope } from "../../config/session/dm-scope.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { AuditFinding, AuditSeverity } from "./audit-finding.ts";

export interface AuditedConfig {
  /** Each agent's own. */
  readonly agents: readonly SandboxConfig[];
  readonly gateway: GatewaySettings;
  readonly dmScope: DmScope;
  /** Agents whose sessions may run commands on the host (`tools.elevated`), with where that is said. */
  readonly elevated: readonly {
    readonly agentId: string;
    readonly origin: Origin;
    readonly everybody: boolean;
  }[];
}

/** What settings open, whatever runs now: each opening once for every place that it is written at. */
export function auditConfig({ agents, gateway, dmScope, elevated }: AuditedConfig): readonly AuditFinding[] {
  const found = [
    ...agents.flatMap((agent) => [...auditSandbox(agent), ...auditDocker(agent), ...auditBrowser(agent)]),
    ...agents.flatMap((agent) => auditSharing(agent, dmScope)),
    ...auditGateway(gateway),
    ...elevated.map(({ agentId, origin, everybody }) =>
      finding(
        "ELEVATED_TOOLS",
        everybody ? "critical" : "medium",
        origin,
        `${everybody ? "everybody" : "whoever is listed"} may have agent ${quoteValue(agentId)} run commands on the host, outside its sandbox`,
        "Take tools.elevated away, or list only your own senders in tools.elevated.allowFrom.",
      ),
    ),
  ];
  // Settings of all agents are found with each of them.
  return [...new Map(found.map((each) => [`${each.check} ${each.subject} ${each.message}`, each])).values()];
}

function auditSandbox({ agentId, mode, workspaceAccess, scope }: SandboxConfig): AuditFinding[] {
  const agent = quoteValue(agentId);
  return [
    ...when(mode.value === "off", () =>
      finding(
        "SANDBOX_OFF",
        "high",
        mode.origin,
        `sessions of agent ${agent} run their tools on the host`,
        'Set sandbox.mode to "non-main", or to "all".',
      ),
    ),
    ...when(mode.value === "non-main", () =>
      finding(
        "MAIN_SESSION_OPEN",
        "low",
        mode.origin,
        `the main session of agent ${agent} runs its tools on the host`,
        'Set sandbox.mode to "all" where others than you reach that session.',
      ),
    ),
    ...when(workspaceAccess.value === "rw" && scope.value !== "agent", () =>
      finding(
        "WORKSPACE_WRITTEN_BY_MANY",
        "medium",
        workspaceAccess.origin,
        `every session of agent ${agent} writes the same workspace, and reads what the others left there`,
        'Set sandbox.workspaceAccess to "ro" or "none".',
      ),
    ),
  ];
}

function auditDocker({ docker }: SandboxConfig): AuditFinding[] {
  const limits = ["pidsLimit", "memoryBytes", "memorySwapBytes", "cpus"] as const;
  return [
    ...when(docker.network.value !== "none", () =>
      finding(
        "NETWORK_ON",
        "medium",
        docker.network.origin,
        `the network is ${quoteValue(docker.network.value)}: data can leave, and services that the host binds to all addresses are in reach`,
        'Set docker.network to "none" for agents that need none.',
      ),
    ),
    ...when(!docker.readOnlyRoot.value, () =>
      finding(
        "ROOT_WRITABLE",
        "medium",
        docker.readOnlyRoot.origin,
        "what runs inside can change the image's own programs",
        "Set docker.readOnlyRoot to true; what a setupCommand installs belongs in an image layer.",
      ),
    ),
    ...limits
      .filter((key) => docker[key].value === null)
      .map((key) =>
        finding(
          "NO_LIMIT",
          "high",
          docker[key].origin,
          "it has no limit",
          "Set one, or take the key out: there is a safe default.",
        ),
      ),
    ...openings
      .filter(({ key }) => docker[key].value)
      .map(({ key, severity, gives }) =>
        finding(
          "DANGEROUSLY_ALLOWED",
          severity,
          docker[key].origin,
          gives,
          "Set it to false, and remove what needed it.",
        ),
      ),
    ...docker.binds.map(({ value, origin }) =>
      finding(
        value.readOnly ? "BIND_READ" : "BIND_WRITTEN",
        value.readOnly ? "low" : "medium",
        origin,
        `${quoteValue(value.source)} of the host is ${value.readOnly ? "read" : "written"} at ${quoteValue(value.target)}`,
        value.readOnly
          ? "A program belongs in the image (skillcrate plan), a file in the workspace (skillcrate workspace put)."
          : "Mount it read-only, or copy files in and out: skillcrate workspace put, skillcrate workspace get.",
      ),
    ),
    ...[...docker.env]
      .filter(([name, { value }]) => looksSecret(name, value))
      .map(([name, { origin }]) =>
        finding(
          "SECRET_IN_INSPECT",
          "high",
          origin,
          `${name} looks like a secret, and everybody who may inspect the container reads it`,
          `Move it, and rotate it: skillcrate secret set ${name} --agent ID`,
        ),
      ),
    ...when(docker.seccompProfile.value !== null, () =>
      finding(
        "OWN_SECCOMP_PROFILE",
        "medium",
        docker.seccompProfile.origin,
        "a profile of your own decides which system calls are allowed",
        "Take it out; the built-in one denies whatever nothing needs.",
      ),
    ),
    ...when(
      !/@sha256:/.test(docker.image.value) && /(?::latest|\/[^:/]+|^[^:/]+)$/.test(docker.image.value),
      () =>
        finding(
          "IMAGE_UNPINNED",
          "low",
          docker.image.origin,
          `${quoteValue(docker.image.value)} names whatever its registry calls the latest`,
          "Name a tag that you build, or a digest.",
        ),
    ),
  ];
}

const openings = [
  {
    key: "dangerouslyAllowReservedContainerTargets",
    severity: "medium",
    gives: "mounts may hide the workspace, the skills or the home",
  },
  {
    key: "dangerouslyAllowExternalBindSources",
    severity: "high",
    gives: "folders from anywhere on the host may be mounted",
  },
  {
    key: "dangerouslyAllowContainerNamespaceJoin",
    severity: "critical",
    gives: "it may join another container's network, and what listens there on loopback",
  },
] as const satisfies readonly {
  key: keyof SandboxConfig["docker"];
  severity: AuditSeverity;
  gives: string;
}[];

function auditBrowser({ browser }: SandboxConfig): AuditFinding[] {
  if (!browser.enabled.value) return [];
  return [
    ...when(browser.allowHostControl.value, () =>
      finding(
        "HOST_BROWSER",
        "high",
        browser.allowHostControl.origin,
        "a sandboxed session may drive the host's own browser, with your logins in it",
        "Set browser.allowHostControl to false.",
      ),
    ),
    ...when(browser.network.value !== null && browser.network.value !== "none", () =>
      finding(
        "BROWSER_ON_BRIDGE",
        "medium",
        browser.network.origin,
        `its browser is on the network ${quoteValue(browser.network.value)}: a page can reach what the host binds to all addresses`,
        "Take browser.network out: pages come in through a filtering proxy then.",
      ),
    ),
  ];
}

/** By the settings alone; who the people are, `describeSharing` knows. */
function auditSharing({ agentId, scope, mode }: SandboxConfig, dmScope: DmScope): AuditFinding[] {
  if (mode.value === "off") return [];
  if (scope.value !== "session") {
    return [
      finding(
        "LOGINS_SHARED",
        "medium",
        scope.origin,
        `everybody who talks to ${scope.value === "shared" ? "any agent" : `agent ${quoteValue(agentId)}`} shares one home, and the logins in it`,
        'Set sandbox.scope to "session", and session.dmScope to "per-channel-peer".',
      ),
    ];
  }
  return when(dmScope === "main", () =>
    finding(
      "DIRECT_MESSAGES_SHARED",
      "low",
      scope.origin,
      `all direct messages to agent ${quoteValue(agentId)} are one session, with one home`,
      'Set session.dmScope to "per-channel-peer" where more than one person writes to it.',
    ),
  );
}

function auditGateway({ bind, authMode, token }: GatewaySettings): AuditFinding[] {
  const open = bind.value !== "loopback";
  return [
    ...when(open && authMode.value === "none", () =>
      finding(
        "GATEWAY_OPEN",
        "critical",
        authMode.origin,
        `the gateway is bound to ${quoteValue(bind.value)} and asks nobody for a token`,
        'Set gateway.auth.mode to "token".',
      ),
    ),
    ...when(open && authMode.value === "token" && token.value !== null && token.value().length < 20, () =>
      finding(
        "GATEWAY_TOKEN_SHORT",
        "high",
        token.origin,
        "the gateway's token is short enough to be guessed",
        "Write a longer one: openssl rand -hex 32",
      ),
    ),
  ];
}

const when = (open: boolean, tell: () => AuditFinding): AuditFinding[] => (open ? [tell()] : []);

function finding(
  check: string,
  severity: AuditSeverity,
  origin: Origin,
  what: string,
  fix: string,
): AuditFinding {
  const at = origin.file === null ? "" : ` (${origin.file}${origin.line === null ? "" : `:${origin.line}`})`;
  return { check, severity, message: `${origin.key}: ${what}.`, fix, subject: `${origin.key}${at}` };
}
