import type { Session } from "../config/session/session.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { loadSandboxConfig } from "../sandbox/config/load-sandbox-config.ts";
import { createSandboxManager, type SandboxManager } from "../sandbox/create-sandbox-manager.ts";
import type { SandboxRequest } from "../sandbox/ensure/sandbox-request.ts";
import { buildMissingImage } from "./build-missing-image.ts";
import type { CommandContext } from "./command.ts";
import { locateSandboxes } from "./locate-sandboxes.ts";
import { locateSkillSources } from "./locate-skill-sources.ts";
import { readSession } from "./read-session.ts";
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
  const sandboxes = locateSandboxes(context, null);
  const session = requireSandboxed(readSession(sandboxes.document, options));
  const { config, diagnostics } = loadSandboxConfig(sandboxes.document, session.agentId);
  if (diagnostics.some(({ severity }) => severity === "error")) {
    const message = `The settings of the agent ${quoteValue(session.agentId)} give no sandbox.`;
    throw new SkillcrateError("INPUT_INVALID", message, { hint: "skillcrate config check", diagnostics });
  }
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

function requireSandboxed(session: Session): Session {
  if (session.sandboxed) return session;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The session ${quoteValue(session.key)} has no sandbox. ${session.why.join(" ")}`,
    { hint: "Name another session: --session KEY\nSee what applies: skillcrate explain" },
  );
}
