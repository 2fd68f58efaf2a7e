import type { SandboxConfig } from "../config/sandbox-config.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { labelledBinaries } from "../engine/label/labelled-binaries.ts";
import { chooseSkills, type SandboxFacts } from "../sandbox/choose-skills.ts";
import { createSandboxManager, type SandboxManager } from "../sandbox/create-sandbox-manager.ts";
import type { SandboxRequest } from "../sandbox/ensure/sandbox-request.ts";
import { buildMissingImage } from "./build-missing-image.ts";
import type { CommandContext } from "./command.ts";
import { locateSession } from "./locate-session.ts";
import { locateSkillSources } from "./locate-skill-sources.ts";
import { planScopeSecrets, type ScopeSecrets } from "./plan-scope-secrets.ts";
import type { sandboxRunOptions } from "./sandbox-options.ts";

/** What brings up the sandbox of a session that options name, as its gateway would. */
export interface OpenSession {
  readonly manager: SandboxManager;
  readonly request: SandboxRequest;
  readonly engine: Engine;
  /** Which secrets its skills get. */
  readonly readSecrets: () => Promise<ScopeSecrets>;
  /** Of its settings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The caller closes the manager. `poolSize`: how many sandboxes it keeps ready; 0: it takes what waits. Throws
 * `INPUT_INVALID` for a session that is not sandboxed, and for settings that are refused.
 */
export async function openSession(
  context: CommandContext<typeof sandboxRunOptions>,
  poolSize: number,
): Promise<OpenSession> {
  const { options, homeDir, signal } = context;
  const { sandboxes, session, config, diagnostics } = locateSession(context, options);
  const scope = { kind: "agent", key: session.agentId } as const;
  const from = { agentWorkspace: null, bundled: options.bundled };
  const { names, sources } = locateSkillSources(scope, sandboxes, from, context);
  const engine = await connectEngine(context);
  const { stateDir } = sandboxes;
  const warmPool = { size: poolSize };
  const skillDirs = async () => {
    const { skills } = await chooseSkills(sources, { names, facts: null }, signal);
    return skills.map(({ skill }) => skill.dir);
  };
  const missingImage = options.buildMissing ? { missingImage: buildMissingImage(context, skillDirs) } : {};
  const manager = createSandboxManager({ engine, stateDir, homeDir, warmPool, ...missingImage });
  const readSecrets = () => planScopeSecrets(session.scope, { ...anySession, ...from }, context);
  const facts = await readFacts(engine, config, readSecrets, signal);
  const skills = { sources, choice: { names, facts } };
  return { manager, request: { session, config, skills, signal }, engine, readSecrets, diagnostics };
}

const anySession = { session: null, agent: null, shared: false, workspaceRoot: null };

/** What skills find in the session's sandbox; null, so that each is mirrored, where the image's labels do not say it. */
async function readFacts(
  engine: Engine,
  { docker }: SandboxConfig,
  readSecrets: OpenSession["readSecrets"],
  signal: AbortSignal,
): Promise<SandboxFacts | null> {
  const image = await engine.images.inspect(docker.image.value, signal);
  const imageBins = await labelledBinaries(engine, image, signal);
  if (imageBins === null) return null;
  const { values } = await readSecrets();
  return { imageBins, envNames: [...docker.env.keys(), ...values.keys()] };
}
