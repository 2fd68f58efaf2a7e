import type { Engine } from "../engine/engine.ts";
import { valuesOf } from "../sandbox/ensure/container-settings.ts";
import type { Sandbox } from "../sandbox/ensure/sandbox-request.ts";
import { type SandboxEnvironment, sandboxEnvironment } from "../sandbox/sandbox-environment.ts";
import type { CommandContext } from "./command.ts";
import { openSession } from "./open-session.ts";
import type { sandboxRunOptions } from "./sandbox-options.ts";

/** What a command in the sandbox finds in its environment, with or without the scope's secrets. */
export type EnvironmentOf = (withSecrets: boolean) => Promise<SandboxEnvironment>;

/**
 * Brings up the sandbox of the session that options name, as its gateway would, and hands it to a task; in use until that
 * ends. Throws `INPUT_INVALID` for a session that is not sandboxed, and for settings that are refused.
 */
export async function withSessionSandbox<Result>(
  context: CommandContext<typeof sandboxRunOptions>,
  task: (sandbox: Sandbox, engine: Engine, environment: EnvironmentOf) => Promise<Result>,
): Promise<Result> {
  const { story } = context;
  const { manager, request, engine, readSecrets, diagnostics } = await openSession(context, 0);
  try {
    const sandbox = await manager.ensure(request);
    story.diagnostics([...diagnostics, ...sandbox.diagnostics]);
    const { config } = request;
    const environment: EnvironmentOf = async (withSecrets) => {
      const secrets = withSecrets ? await readSecrets() : null;
      const dockerEnv = valuesOf(config.docker.env);
      return sandboxEnvironment({ home: sandbox.home.environment, dockerEnv, secrets });
    };
    return await task(sandbox, engine, environment);
  } finally {
    await manager.close();
  }
}
