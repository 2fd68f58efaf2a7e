import { readGatewaySettings } from "../../config/gateway-settings.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { diagnoseGateway } from "../../sandbox/gateway/diagnose-gateway.ts";
import { probeGateway } from "../../sandbox/gateway/probe-gateway.ts";
import type { GatewaySandboxes } from "../../sandbox/life/find-sandboxes.ts";
import { findScopeContainer } from "../../sandbox/life/find-scope-container.ts";
import type { Scope } from "../../sandbox/scope.ts";
import { scopeWords } from "../../sandbox/scope-words.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import { exitCodes } from "../exit-code.ts";
import type { gatewayCheckOptions } from "../gateway-options.ts";
import { planScopeSecrets } from "../plan-scope-secrets.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import { requireScope } from "../read-scope.ts";

type CheckContext = CommandContext<typeof gatewayCheckOptions>;

/** Tries the way from a sandbox to the gateway, and says what is in it. */
export async function gatewayCheck(context: CheckContext): Promise<CommandOutput> {
  const scope = requireScope(context);
  const document = readGatewayDocument(context);
  const gateway = await connectSandboxes(context, context.options.workspaceRoot);
  const container = await findRunning(gateway, scope, context.signal);
  const secrets = await planScopeSecrets(
    scope,
    { agentWorkspace: null, bundled: null, ...context.options },
    context,
  );
  const seen = await probeGateway({
    containers: gateway.engine.containers,
    containerId: container.id,
    network: container.network,
    env: Object.fromEntries([...secrets.values].filter(([name]) => name.startsWith("OPENCLAW_"))),
    gatewayPort: readGatewaySettings(document).port.value,
  });
  const { reachable, findings } = diagnoseGateway(seen);
  const { target } = seen;
  return {
    outcome: reachable === false ? "difference" : "ok",
    diagnostics: findings,
    result: { scope, container: container.name, reachable, ...seen },
    text: (style) => {
      const at = quoteValue(`${target.scheme}://${target.host}:${target.port}`);
      if (reachable === null) return `Whether a client in ${container.name} reaches ${at} could not be seen.`;
      return reachable
        ? style.green(`A client in ${container.name} reaches the gateway at ${at}, and is let in.`)
        : style.red(`A client in ${container.name} does not reach the gateway at ${at}.`);
    },
    ...(reachable === false ? { exitCode: exitCodes.difference } : {}),
  };
}

interface RunningContainer {
  readonly id: string;
  readonly name: string;
  readonly network: string;
}

async function findRunning(
  gateway: GatewaySandboxes,
  scope: Scope,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const details = await findScopeContainer(gateway, scope, signal);
  if (details === null || details.state !== "running") {
    const words = scope.kind === "shared" ? [] : scopeWords(scope);
    const command = (...verbs: readonly string[]) => formatCommand(["skillcrate", ...verbs, ...words]);
    throw new SkillcrateError(
      "SANDBOX_NOT_FOUND",
      `No sandbox of this ${scope.kind} runs, so there is nothing to look from.`,
      {
        hint: `It is made at the agent's next turn${scope.kind === "shared" ? "" : `, or at once: ${command("sandbox", "run")}`}. What the settings alone say of it: ${command("explain")}`,
      },
    );
  }
  const host = asObject(ownValue(asObject(details.inspected), "HostConfig"));
  return { id: details.id, name: details.name, network: String(ownValue(host, "NetworkMode") ?? "") };
}
