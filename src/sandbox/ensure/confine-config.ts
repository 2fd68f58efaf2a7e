import type { SandboxConfig } from "../../config/sandbox-config.ts";
import { confineDocker } from "../../config/session/confine-docker.ts";
import type { Session } from "../../config/session/session.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";

/**
 * The settings of a session's container, no wider than those of the sessions that led to it, of whichever agent. Throws
 * `INPUT_INVALID` where it is not known how those are confined, or which of two settings is the stricter one.
 */
export function confineConfig(
  config: SandboxConfig,
  session: Session,
): { readonly config: SandboxConfig; readonly diagnostics: readonly Diagnostic[] } {
  let { docker } = config;
  const diagnostics: Diagnostic[] = [];
  for (let parent = session.spawnedBy; parent !== null; parent = parent.spawnedBy) {
    // Its own agent's settings are its own.
    if (!parent.sandboxed || parent.agentId === session.agentId) continue;
    if (parent.configured.docker === undefined) throw notKnown(session, parent);
    const confined = confineDocker(docker, parent.configured.docker);
    docker = confined.docker;
    diagnostics.push(...confined.diagnostics);
  }
  if (diagnostics.some(({ severity }) => severity === "error")) {
    throw new SkillcrateError(
      "INPUT_INVALID",
      `The session ${quoteValue(session.key)} might be less confined than the one that started it.`,
      { hint: "Correct what is named.", diagnostics },
    );
  }
  return { config: { ...config, docker }, diagnostics };
}

function notKnown({ key }: Session, parent: Session): SkillcrateError {
  return new SkillcrateError(
    "INPUT_INVALID",
    `The session ${quoteValue(key)} was started by ${quoteValue(parent.key)}, and nothing says how the container of that one is confined.`,
    { hint: "Give `resolveSession` a `sandboxOf` that gives the whole settings of an agent's sandboxes." },
  );
}
