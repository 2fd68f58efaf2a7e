import type { BindGround } from "../../config/rules/judge-bind-source.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { CheckedBind } from "../config/check-binds.ts";
import type { HostPaths } from "../host-paths/create-host-paths.ts";

export interface BindsOnEngine {
  readonly binds: readonly CheckedBind[];
  /** What their sources are judged by there. */
  readonly ground: BindGround;
}

/**
 * Configured mounts, and what they are judged by, as the engine has them: where the gateway runs in a container itself, its
 * configuration says what it sees. A source may be nobody's to write, so nothing is proven here: the scope's own folder
 * has been, by the same answer of the engine. Throws `HOST_PATH_UNKNOWN` for a source that is on no mount.
 */
export async function bindsOnEngine(
  binds: readonly CheckedBind[],
  ground: BindGround,
  { translate }: HostPaths,
  signal: AbortSignal | undefined,
): Promise<BindsOnEngine> {
  if (binds.length === 0) return { binds, ground };
  const whereKnown = (path: string) =>
    translate(path, signal).catch((error: unknown) => keepUnmounted(error, path));
  const [homeDir, stateDir, workspaceRoot, agentWorkspace] = await Promise.all([
    whereKnown(ground.homeDir),
    whereKnown(ground.stateDir),
    whereKnown(ground.workspaceRoot),
    whereKnown(ground.agentWorkspace),
  ]);
  return {
    binds: await Promise.all(
      binds.map(async (bind) => ({ ...bind, source: await translate(bind.source, signal) })),
    ),
    ground: { homeDir, stateDir, workspaceRoot, agentWorkspace },
  };
}

/** A folder that the engine does not have can be no mount's source there. */
function keepUnmounted(error: unknown, path: string): string {
  if (error instanceof SkillcrateError && error.code === "HOST_PATH_UNKNOWN") return path;
  throw error;
}
