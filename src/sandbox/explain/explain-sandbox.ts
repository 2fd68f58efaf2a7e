import type { ConfigDocument } from "../../config/config-document.ts";
import { readGatewaySettings } from "../../config/gateway-settings.ts";
import { listSettings } from "../../config/list-settings.ts";
import type { ResolvedSandboxConfig } from "../../config/resolve-sandbox-config.ts";
import type { Session } from "../../config/session/session.ts";
import { decideTool } from "../../config/tools/decide-tool.ts";
import { describeEdit } from "../../config/tools/describe-tool-decision.ts";
import { knownTools } from "../../config/tools/known-tools.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { formatCommand } from "../../diagnostic/format-command.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { Engine } from "../../engine/engine.ts";
import { labelledBinaries } from "../../engine/label/labelled-binaries.ts";
import type { ContainerDetails } from "../../engine/sandbox/sandbox-port.ts";
import { chooseSkills, type SkillsGround } from "../choose-skills.ts";
import { containerLabels } from "../container/container-plan.ts";
import { readSetupFailure } from "../container/container-records.ts";
import { findMovedFolders } from "../container/mounted-folders.ts";
import { describeSharing } from "../home/describe-sharing.ts";
import { resolveHomePaths } from "../home/home-paths.ts";
import type { GatewaySandboxes } from "../life/find-sandboxes.ts";
import { findScopeContainer } from "../life/find-scope-container.ts";
import { type ScopeFolder, scopeFolder } from "../scope-folder.ts";
import { readScopeRecord } from "../scope-record.ts";
import { scopeWords } from "../scope-words.ts";
import { planSecrets } from "../secrets/plan-secrets.ts";
import type { SecretRule } from "../secrets/secret-skill.ts";
import { containerFindings } from "./container-findings.ts";
import { explainBrowser } from "./explain-browser.ts";
import { explainContainer } from "./explain-container.ts";
import { explainGateway } from "./explain-gateway.ts";
import { explainSkills } from "./explain-skills.ts";
import type { ExplainedImage, ExplainedTool, Explanation } from "./explanation.ts";
import { planExisting } from "./plan-existing.ts";

export interface ExplainRequest {
  readonly document: ConfigDocument;
  readonly session: Session;
  /** The settings of the session's agent. */
  readonly resolved: ResolvedSandboxConfig;
  /** Its sandboxes on an engine; a text: why there is none to ask. */
  readonly gateway: GatewaySandboxes | { readonly unreachable: string; readonly workspaceRoot: string };
  readonly skills: { readonly ground: SkillsGround; readonly names: readonly string[] | null };
  /** Names on PATH of the host: they decide nothing, they explain. */
  readonly hostBins: readonly string[];
  readonly secrets: {
    readonly stored: ReadonlyMap<string, string>;
    readonly gatewayEnv: Readonly<Record<string, string | undefined>>;
    readonly rules: readonly SecretRule[];
  };
  readonly signal: AbortSignal;
}

/** Says what a session's sandbox is, why, and what to type where it is not what one wants. Changes nothing. */
export async function explainSandbox(request: ExplainRequest): Promise<Explanation> {
  const { document, session, resolved, gateway, signal } = request;
  const { config } = resolved;
  const reference = config.docker.image;
  const engine = "engine" in gateway ? gateway.engine : null;
  const [seen, details, browser] = await Promise.all([
    engine === null ? nothing : seeImage(engine, reference.value, signal),
    "engine" in gateway ? findScopeContainer(gateway, session.scope, signal) : null,
    explainBrowser(request),
  ]);
  const image = { reference: reference.value, origin: reference.origin, ...seen };
  const folder = scopeFolder(gateway.workspaceRoot, session.scope);
  const secretsOf = (skills: readonly Parameters<typeof planSecrets>[0]["skills"][number][]) =>
    planSecrets({ ...request.secrets, config: document.valueAt([]), skills });
  const chosen = await chooseSkills(
    request.skills.ground,
    { names: request.skills.names, facts: null },
    signal,
  );
  const secrets = secretsOf(chosen.skills.map(({ skill }) => skill));
  const envNames = [...config.docker.env.keys(), ...secrets.values.keys()];
  const skills = await explainSkills(request, image, chosen, envNames);
  const plan =
    details === null || !("engine" in gateway)
      ? null
      : await planExisting({ document, config, session, gateway, details }, signal);
  const container = details === null ? null : explainContainer(details, plan);
  const sharing = shareOf(request, folder.recordsDir);
  const setup = details === null ? null : readSetupFailure(folder.recordsDir, labelOf(details));
  return {
    file: document.file,
    session: {
      key: session.key,
      agentId: session.agentId,
      isMain: session.isMain,
      sandboxed: session.sandboxed,
      why: session.why,
    },
    scope: {
      kind: session.scope.kind,
      key: session.scope.key,
      origin: session.scopeKind.origin,
      folder: folder.dir,
    },
    settings: listSettings(config),
    image,
    container,
    engine: "engine" in gateway ? null : gateway.unreachable,
    skills,
    secrets: secrets.lines,
    home: { path: homePath(request), by: sharing.by, sessions: sharing.sessions },
    gateway: explainGateway(session, config, readGatewaySettings(document)),
    tools: knownTools.map(({ name }) => explainTool(name, request)),
    browser,
    findings: [
      ...resolved.diagnostics,
      ...findingsOf(image, container, findMoved(folder, container), browser, request),
      ...(setup === null ? [] : [setupFailed(setup.exitCode, setup.lines, session)]),
      ...(sharing.diagnostic === null || !session.sandboxed ? [] : [sharing.diagnostic]),
      ...chosen.diagnostics,
      ...secrets.diagnostics,
    ],
  };
}

const nothing = { id: null, binaries: null } as const;

async function seeImage(
  engine: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<Pick<ExplainedImage, "id" | "binaries">> {
  const image = await engine.images.inspect(reference, signal);
  return { id: image?.id ?? null, binaries: await labelledBinaries(engine, image, signal) };
}

const labelOf = ({ labels }: ContainerDetails): string => labels[containerLabels.planHash] ?? "";

function shareOf({ session, document }: ExplainRequest, recordsDir: string) {
  const read = readScopeRecord(recordsDir);
  return describeSharing({
    scope: session.scope,
    dmScope: session.dmScope,
    sessions: read.kind === "record" ? read.record.sessions : [],
    ...mainKeyOf(document),
  });
}

function mainKeyOf(document: ConfigDocument): { readonly mainKey?: string } {
  const mainKey = document.valueAt(["session", "mainKey"]);
  return typeof mainKey === "string" && mainKey !== "" ? { mainKey } : {};
}

function homePath({ resolved }: ExplainRequest): string {
  const env = Object.fromEntries([...resolved.config.docker.env].map(([name, { value }]) => [name, value]));
  // The user decides about XDG_RUNTIME_DIR only, which is not shown here.
  return resolveHomePaths(env, 1000).paths.home;
}

function explainTool(name: string, { document, session }: ExplainRequest): ExplainedTool {
  const { tool, allowed, blockedBy, smallestChange } = decideTool({
    config: document.valueAt([]),
    session,
    tool: name,
    placeOf: document.placeOf,
  });
  return {
    tool,
    allowed,
    blockedBy: blockedBy.map(
      ({ layer, key, list }) => `${layer}: ${key}${list === null ? "" : ` (${list})`}`,
    ),
    change: smallestChange.map(describeEdit),
  };
}

function findMoved({ dir, recordsDir }: ScopeFolder, container: Explanation["container"]): readonly string[] {
  if (container === null || container.state !== "running") return [];
  // Where the gateway is in a container itself the engine's paths say nothing here.
  const own = container.mounts.filter(({ source }) => source.startsWith(`${dir}/`));
  return findMovedFolders(recordsDir, container.id, own) ?? [];
}

/** Of a browser only where the session may have one. */
function findingsOf(
  image: ExplainedImage,
  container: Explanation["container"],
  moved: readonly string[],
  browser: Explanation["browser"],
  { session, gateway, resolved }: ExplainRequest,
): readonly Diagnostic[] {
  if (!("engine" in gateway) || !session.sandboxed) return [];
  return [
    ...containerFindings({ what: "sandbox", image, container, moved }, session),
    ...(resolved.config.browser.enabled.value
      ? containerFindings({ what: "browser", ...browser }, session)
      : []),
  ];
}

function setupFailed(
  exitCode: number | null,
  lines: readonly string[],
  { scope }: Pick<Session, "scope">,
): Diagnostic {
  const last = lines.at(-1);
  return {
    code: "EXPLAIN_SETUP_FAILED",
    severity: "error",
    message: `setupCommand ${exitCode === null ? "did not end in time" : `ended with ${exitCode}`}${last === undefined ? "" : `: ${quoteValue(last)}`}.`,
    hint: `It needs a network, a root file system that can be written, and root: all are off by default. An image layer has all of them: put the packages into a skills image (skillcrate build). To try again: ${formatCommand(["skillcrate", "sandbox", "recreate", ...scopeWords(scope)])}`,
  };
}
