import type { ConfigDocument } from "../../config/config-document.ts";
import type { Session } from "../../config/session/session.ts";
import { decideElevated } from "../../config/tools/decide-elevated.ts";
import { decideTool } from "../../config/tools/decide-tool.ts";
import { describeToolDecision, type ToolLine } from "../../config/tools/describe-tool-decision.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import { formatExplanation } from "../../report/format-explanation.ts";
import { loadSandboxConfig } from "../../sandbox/config/load-sandbox-config.ts";
import { type ExplainRequest, explainSandbox } from "../../sandbox/explain/explain-sandbox.ts";
import { scopeFolder } from "../../sandbox/scope-folder.ts";
import { readSecretFile } from "../../sandbox/secrets/secret-file.ts";
import { secretRules } from "../../sandbox/secrets/secret-rules.ts";
import { defaultStateDir } from "../../source/default-state-dir.ts";
import { listPrograms } from "../../source/list-programs.ts";
import type { CommandContext, CommandOutput } from "../command.ts";
import { connectSandboxes } from "../connect-sandboxes.ts";
import type { explainOptions } from "../explain-options.ts";
import { locateSandboxes } from "../locate-sandboxes.ts";
import { locateSkillSources } from "../locate-skill-sources.ts";
import { readGatewayDocument } from "../read-gateway-document.ts";
import { readSession } from "../read-session.ts";

type ExplainContext = CommandContext<typeof explainOptions>;

/** Says what one session's sandbox is, why, and what to type where it is not what one wants. */
export async function explain(context: ExplainContext): Promise<CommandOutput> {
  const { options, env, homeDir, signal, cwd } = context;
  const document = readGatewayDocument(context);
  const session = readSession(document, options);
  const sandboxes = locateSandboxes(context, options.workspaceRoot, { kind: "agent", key: session.agentId });
  const folder = scopeFolder(sandboxes.workspaceRoot, session.scope);
  const file = readSecretFile(folder);
  context.hide(file.values.values());
  const located = locateSkillSources(
    { kind: "agent", key: session.agentId },
    sandboxes,
    { agentWorkspace: null, bundled: options.bundled },
    context,
  );
  const [forAll, forScope] = await Promise.all([
    secretRules(defaultStateDir(env, homeDir)).read(),
    secretRules(folder.recordsDir).read(),
  ]);
  const explanation = await explainSandbox({
    document,
    session,
    resolved: loadSandboxConfig(document, session.agentId),
    gateway: await reachGateway(context, sandboxes.workspaceRoot),
    skills: { ground: located.sources, names: located.names },
    hostBins: listPrograms(env["PATH"] ?? ""),
    secrets: {
      stored: file.values,
      gatewayEnv: env,
      rules: [...forAll.value.rules, ...forScope.value.rules],
    },
    signal,
  });
  const tool = options.tool === null ? null : explainOneTool(options.tool, document, session);
  return {
    outcome: "ok",
    // They are in the text, each below what it is about.
    diagnostics: [],
    result: { ...explanation, tool },
    text: (style) => formatExplanation(explanation, { cwd, tool }, style),
  };
}

function explainOneTool(name: string, document: ConfigDocument, session: Session): readonly ToolLine[] {
  const config = document.valueAt([]);
  const { placeOf } = document;
  const decision = decideTool({ config, session, tool: name, placeOf });
  return describeToolDecision({ decision, elevated: decideElevated(config, session, placeOf), config });
}

/** Settings can be explained without an engine; what runs cannot. */
async function reachGateway(
  context: ExplainContext,
  workspaceRoot: string,
): Promise<ExplainRequest["gateway"]> {
  try {
    return await connectSandboxes(context, context.options.workspaceRoot);
  } catch (error) {
    if (!(error instanceof SkillcrateError) || !error.code.startsWith("ENGINE_")) throw error;
    return { unreachable: error.message, workspaceRoot };
  }
}
