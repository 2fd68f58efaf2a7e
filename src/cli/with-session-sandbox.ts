import type { Session } from "../config/session/session.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { Engine } from "../engine/engine.ts";
import { loadSandboxConfig } from "../sandbox/config/load-sandbox-config.ts";
import { createSandboxManager } from "../sandbox/create-sandbox-manager.ts";
import { valuesOf } from "../sandbox/ensure/container-settings.ts";
import type { Sandbox } from "../sandbox/ensure/sandbox-request.ts";
import { type SandboxEnvironment, sandboxEnvironment } from "../sandbox/sandbox-environment.ts";
import type { CommandContext } from "./command.ts";
import { locateSandboxes } from "./locate-sandboxes.ts";
import { locateSkillSources } from "./locate-skill-sources.ts";
import { planScopeSecrets } from "./plan-scope-secrets.ts";
import { readSession } from "./read-session.ts";
import type { sandboxRunOptions } from "./sandbox-options.ts";

type Context = CommandContext<typeof sandboxRunOptions>;

/** What a command in the sandbox finds in its environment, with or without the scope's secrets. */
export type EnvironmentOf = (withSecrets: boolean) => Promise<SandboxEnvironment>;

const noOptions = { session: null, agent: null, shared: false, workspaceRoot: null };

/**
 * Brings up the sandbox of the session that options name, as its gateway would, and hands it to a task; in use until that
 * ends. Throws `INPUT_INVALID` for a session that is not sandboxed, and for settings that are refused.
 */
export async function withSessionSandbox<Result>(
  context: Context,
  task: (sandbox: Sandbox, engine: Engine, environment: EnvironmentOf) => Promise<Result>,
): Promise<Result> {
  const { options, homeDir, signal, story } = context;
  const sandboxes = locateSandboxes(context, null);
  const session = requireSandboxed(readSession(sandboxes.document, options));
  const { config, diagnostics } = loadSandboxConfig(sandboxes.document, session.agentId);
  if (diagnostics.some(({ severity }) => severity === "error")) {
    const message = `The settings of the agent ${quoteValue(session.agentId)} give no sandbox.`;
    throw new SkillcrateError("INPUT_INVALID", message, { hint: "skillcrate config check", diagnostics });
  }
  const scope = { kind: "agent", key: session.agentId } as const;
  const sources = { agentWorkspace: null, bundled: options.bundled };
  const located = locateSkillSources(scope, sandboxes, sources, context);
  const engine = await connectEngine(context);
  const { stateDir } = sandboxes;
  const manager = createSandboxManager({ engine, stateDir, homeDir });
  try {
    const choice = { names: located.names, facts: null };
    const skills = { sources: located.sources, choice };
    const sandbox = await manager.ensure({ session, config, skills, signal });
    story.diagnostics([...diagnostics, ...sandbox.diagnostics]);
    const environment: EnvironmentOf = async (withSecrets) => {
      const secrets = withSecrets
        ? await planScopeSecrets(session.scope, { ...noOptions, ...sources }, context)
        : null;
      const dockerEnv = valuesOf(config.docker.env);
      return sandboxEnvironment({ home: sandbox.home.environment, dockerEnv, secrets });
    };
    return await task(sandbox, engine, environment);
  } finally {
    await manager.close();
  }
}

function requireSandboxed(session: Session): Session {
  if (session.sandboxed) return session;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The session ${quoteValue(session.key)} has no sandbox. ${session.why.join(" ")}`,
    { hint: "Name another session: --session KEY\nSee what applies: skillcrate explain" },
  );
}
