import type { ConfigDocument } from "../../config/config-document.ts";
import { type GatewaySettings, readGatewaySettings } from "../../config/gateway-settings.ts";
import { defaultAgentId } from "../../config/session/configured-agents.ts";
import { resolveSession } from "../../config/session/resolve-session.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatGatewayLink } from "../../report/format-gateway-link.ts";
import { loadSandboxConfig } from "../../sandbox/config/load-sandbox-config.ts";
import { valuesOf } from "../../sandbox/ensure/container-settings.ts";
import { linkGateway, linkGrants } from "../../sandbox/gateway/link-gateway.ts";
import { linkNeeds } from "../../sandbox/gateway/link-needs.ts";
import { prepareHome } from "../../sandbox/home/prepare-home.ts";
import { chooseSandboxUser } from "../../sandbox/sandbox-user.ts";
import type { Scope } from "../../sandbox/scope.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { scopeWords } from "../../sandbox/scope-words.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import type { gatewayLinkOptions } from "../gateway-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import { requireScope } from "../read-scope.ts";
import { readSecretValue } from "../read-secret-value.ts";

type LinkContext = CommandContext<typeof gatewayLinkOptions>;

/** Gives a sandbox a client configuration of its own, and says what else it takes and what that opens. */
export async function gatewayLink(context: LinkContext): Promise<CommandOutput> {
  const { options, signal } = context;
  const scope = requireScope(context);
  const document = readGatewayDocument(context);
  const settings = readGatewaySettings(document);
  const token = await readToken(settings, context);
  context.hide([token]);
  const { workspaceRoot } = locateSandboxes(context, options.workspaceRoot);
  const { config, diagnostics } = loadSandboxConfig(document, agentOf(scope, document));
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  const user = chooseSandboxUser(scopeFolder(workspaceRoot, scope).workspaceDir, own);
  const home = await prepareHome({
    workspaceRoot,
    scope,
    workspaceAccess: config.workspaceAccess.value,
    agentWorkspaceDir: config.agentWorkspace.value,
    sandboxUser: user,
    dockerEnv: valuesOf(config.docker.env),
    signal,
  });
  const link = linkGateway({
    home,
    owner: own.uid === user.uid ? null : user,
    url: options.url ?? `ws://host.docker.internal:${settings.port.value}`,
    token,
    replace: options.replace,
  });
  const needs = linkNeeds(config, settings);
  const check = formatCommand(["skillcrate", "gateway", "check", ...scopeWords(scope)]);
  return {
    outcome: "ok",
    diagnostics: [...diagnostics, ...home.diagnostics],
    result: { scope, ...link, needs, grants: linkGrants },
    text: (style) => formatGatewayLink(link, needs, linkGrants, check, style),
  };
}

/** Whose settings count; one sandbox for all has those of all agents. */
function agentOf(scope: Scope, document: ConfigDocument): string {
  const config = document.valueAt([]);
  if (scope.kind === "agent") return scope.key;
  if (scope.kind === "shared") return defaultAgentId(config);
  const sandboxOf = (agentId: string) => loadSandboxConfig(document, agentId).config;
  return resolveSession({ config, sandboxOf, sessionKey: scope.key }).agentId;
}

async function readToken({ token }: GatewaySettings, context: LinkContext): Promise<string> {
  const { fromFile, fromEnv } = context.options;
  if (fromFile !== null || fromEnv !== null) {
    return await readSecretValue("TOKEN", { fromFile, fromEnv, fromCommand: false, program: [] }, context);
  }
  if (token.value !== null) return token.value();
  throw new SkillcrateError("USAGE", "The gateway's configuration has no gateway.auth.token.", {
    hint: "Name one: --from-file FILE, or --from-env NAME",
  });
}
