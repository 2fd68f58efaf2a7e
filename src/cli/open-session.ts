import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { createSandboxManager, type SandboxManager } from "../sandbox/create-sandbox-manager.ts";
import type { SandboxRequest } from "../sandbox/ensure/sandbox-request.ts";
import { buildMissingImage } from "./build-missing-image.ts";
import type { CommandContext } from "./command.ts";
import { locateSession } from "./locate-session.ts";
import { locateSkillSources } from "./locate-skill-sources.ts";
import type { sandboxRunOptions } from "./sandbox-options.ts";

/** What brings up the sandbox of a session that options name, as its gateway would. */
export interface OpenSession {
  readonly manager: SandboxManager;
  readonly request: SandboxRequest;
  readonly engine: Engine;
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
  const missingImage = options.buildMissing ? { missingImage: buildMissingImage(context) } : {};
  const manager = createSandboxManager({ engine, stateDir, homeDir, warmPool, ...missingImage });
  const skills = { sources, choice: { names, facts: null } };
  return { manager, request: { session, config, skills, signal }, engine, diagnostics };
}
