import type { ConfigDocument } from "../../config/config-document.ts";
import { readGatewaySettings } from "../../config/gateway-settings.ts";
import { defaultAgentId, listAgents } from "../../config/session/configured-agents.ts";
import { resolveSession } from "../../config/session/resolve-session.ts";
import { decideElevated } from "../../config/tools/decide-elevated.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Engine } from "../../engine/engine.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { formatAudit } from "../../report/format-audit.ts";
import { auditBrowser } from "../../sandbox/audit/audit-browser.ts";
import { type AuditedConfig, auditConfig } from "../../sandbox/audit/audit-config.ts";
import { auditContainer } from "../../sandbox/audit/audit-container.ts";
import { type AuditFinding, auditSeverities } from "../../sandbox/audit/audit-finding.ts";
import { type AuditedNetworks, auditNetworks, joinedNetworks } from "../../sandbox/audit/audit-networks.ts";
import { readHostListeners } from "../../sandbox/audit/read-host-listeners.ts";
import { loadSandboxConfig } from "../../sandbox/config/load-sandbox-config.ts";
import { findSandboxes } from "../../sandbox/life/find-sandboxes.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import { exitCodes } from "../exit-code.ts";
import type { auditOptions } from "../explain-options.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";

type AuditContext = CommandContext<typeof auditOptions>;

/** Says what is open: in the configuration, then in what really runs. */
export async function audit(context: AuditContext): Promise<CommandOutput> {
  const document = readGatewayDocument(context);
  const { audited, diagnostics } = readAudited(document);
  const containers = await auditContainers(context);
  const findings = [...auditConfig(audited), ...containers.findings].sort(
    (left, right) => rank(left) - rank(right),
  );
  const { failOn } = context.options;
  const refused = failOn !== null && findings.some((each) => rank(each) <= auditSeverities.indexOf(failOn));
  return {
    outcome: refused ? "refused" : "ok",
    diagnostics: [...diagnostics, ...containers.diagnostics],
    result: { file: document.file, findings, containers: containers.names },
    text: (style) => formatAudit(findings, containers.names, style),
    ...(refused ? { exitCode: exitCodes.usage } : {}),
  };
}

const rank = ({ severity }: AuditFinding): number => auditSeverities.indexOf(severity);

function readAudited(document: ConfigDocument): {
  readonly audited: AuditedConfig;
  readonly diagnostics: readonly Diagnostic[];
} {
  const config = document.valueAt([]);
  const ids = new Set([defaultAgentId(config), ...listAgents(config).map(({ id }) => id)]);
  const loaded = new Map([...ids].map((id) => [id, loadSandboxConfig(document, id)]));
  const sandboxOf = (id: string) => (loaded.get(id) ?? loadSandboxConfig(document, id)).config;
  const elevated = [...ids].flatMap((agentId) => {
    // A direct message is the widest way in that has a person at its end.
    const sessionKey = `agent:${agentId}:direct:anybody`;
    const session = resolveSession({ config, sandboxOf, sessionKey });
    const { effect, gates } = decideElevated(config, session, document.placeOf);
    const gate = gates.at(-1);
    if (effect === "no-effect" || effect === "off" || gate === undefined) return [];
    const { file = null, line = null, column = null } = gate.place ?? {};
    const origin = { file, key: gate.key, line, column, rule: "defaults" } as const;
    return [{ agentId, origin, everybody: effect === "everyone" }];
  });
  const { dmScope } = resolveSession({ config, sandboxOf, sessionKey: "main" });
  const agents = [...ids].map(sandboxOf);
  return {
    audited: { agents, gateway: readGatewaySettings(document), dmScope, elevated },
    diagnostics: [...loaded.values()].flatMap(({ diagnostics }) => diagnostics),
  };
}

interface AuditedContainers {
  /** Null: the engine was not asked. */
  readonly names: readonly string[] | null;
  readonly findings: readonly AuditFinding[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every container of the gateway's, as the engine has it. A configuration can be judged without an engine. */
async function auditContainers(context: AuditContext): Promise<AuditedContainers> {
  try {
    const gateway = await connectSandboxes(context, context.options.workspaceRoot);
    const found = await findSandboxes(gateway, { signal: context.signal });
    const { appArmor } = await gateway.engine.containers.facts();
    const inspected = await Promise.all(
      found.map(({ container }) => gateway.engine.sandboxes.inspect(container.id, context.signal)),
    );
    const present = inspected.filter((each) => each !== null);
    const networks = await readNetworks(gateway.engine, present, context.signal);
    return {
      names: present.map(({ name }) => name),
      findings: present.flatMap(({ name, inspected: answer }) => [
        ...auditContainer(name, answer, { appArmor }),
        ...auditBrowser(name, answer),
        ...auditNetworks(name, answer, networks),
      ]),
      diagnostics: [],
    };
  } catch (error) {
    if (!(error instanceof SkillcrateError) || !/^ENGINE_/.test(error.code)) throw error;
    const { message, hint } = error;
    return {
      names: null,
      findings: [],
      diagnostics: [
        {
          code: "AUDIT_WITHOUT_ENGINE",
          severity: "warning",
          message: `Containers were not looked at: ${message}`,
          hint: hint ?? "",
        },
      ],
    };
  }
}

/** The machine is looked at only where a container could reach it. */
async function readNetworks(
  { networks, info }: Engine,
  containers: readonly ContainerDetails[],
  signal: AbortSignal,
): Promise<AuditedNetworks> {
  const names = new Set(containers.flatMap(({ inspected }) => joinedNetworks(inspected)));
  names.delete("none");
  const found = await Promise.all(
    [...names].map(async (name) => [name, await networks.inspect(name, signal)] as const),
  );
  return {
    product: info.product,
    networks: new Map(
      found.flatMap(([name, network]) => (network === null ? [] : [[name, network] as const])),
    ),
    host: names.size === 0 ? null : readHostListeners(),
  };
}
