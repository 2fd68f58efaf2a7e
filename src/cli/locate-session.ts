import type { SandboxConfig } from "../config/sandbox-config.ts";
import type { Session } from "../config/session/session.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { loadSandboxConfig } from "../sandbox/config/load-sandbox-config.ts";
import type { Surroundings } from "./command.ts";
import { locateSandboxes, type Sandboxes } from "./locate-sandboxes.ts";
import { readSession, type SessionOptions } from "./read-session.ts";

export interface LocatedSession {
  readonly sandboxes: Sandboxes;
  readonly session: Session;
  /** Of its agent, without an error. */
  readonly config: SandboxConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The session that options name, and the settings of its sandbox. Throws `INPUT_INVALID` for a session that is not
 * sandboxed, and for settings that are refused.
 */
export function locateSession(surroundings: Surroundings, options: SessionOptions): LocatedSession {
  const sandboxes = locateSandboxes(surroundings, null);
  const session = requireSandboxed(readSession(sandboxes.document, options));
  const { config, diagnostics } = loadSandboxConfig(sandboxes.document, session.agentId);
  if (diagnostics.some(({ severity }) => severity === "error")) {
    const message = `The settings of the agent ${quoteValue(session.agentId)} give no sandbox.`;
    throw new SkillcrateError("INPUT_INVALID", message, { hint: "skillcrate config check", diagnostics });
  }
  return { sandboxes, session, config, diagnostics };
}

function requireSandboxed(session: Session): Session {
  if (session.sandboxed) return session;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `The session ${quoteValue(session.key)} has no sandbox. ${session.why.join(" ")}`,
    { hint: "Name another session: --session KEY\nSee what applies: skillcrate explain" },
  );
}
