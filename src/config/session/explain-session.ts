import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { SandboxMode, ScopeKind, Sourced } from "../sandbox-config.ts";
import type { Session } from "./session.ts";
import { parseSessionKey } from "./session-key.ts";

/** Why a session is sandboxed or not, and in whose sandbox: a sentence each. */
export function explainSession(session: Omit<Session, "why">): readonly string[] {
  const { configured, scopeKind, workspaceAccess, spawnedBy } = session;
  const parent = spawnedBy?.sandboxed === true ? spawnedBy : null;
  const sentences = [`${settingOf(configured.mode)}: ${meaningOfMode[configured.mode.value]}.`];
  if (configured.mode.value === "non-main") sentences.push(explainMain(session));
  if (parent !== null) {
    sentences.push(
      `It was started by ${quoteValue(parent.key)}, which is sandboxed; no session is less confined than the one that started it.`,
    );
  }
  if (!session.sandboxed) return sentences;
  sentences.push(
    scopeKind.origin.rule === "derived"
      ? "Its sandbox is its own, since it is stricter than that of its agent's other sessions."
      : `${settingOf(scopeKind)}: ${meaningOfScope[scopeKind.value](session)}.`,
  );
  if (parent !== null && workspaceAccess.value !== configured.workspaceAccess.value) {
    sentences.push(`${settingOf(workspaceAccess)}, as for the session that started it.`);
  }
  return sentences;
}

/** A setting with its value and where that is from: `agents.defaults.sandbox.mode is "all"`. */
function settingOf({ value, origin }: Sourced<string>): string {
  const written = origin.rule === "agent" || origin.rule === "defaults";
  return written ? `${origin.key} is "${value}"` : `${origin.key} is not set, so it is "${value}"`;
}

const meaningOfMode: Readonly<Record<SandboxMode, string>> = {
  off: "no session is sandboxed by itself",
  "non-main": "every session but the agent's main one is sandboxed",
  all: "every session is sandboxed",
};

function explainMain({ key, isMain, mainKeys, agentId }: Omit<Session, "why">): string {
  const main = `the main session of the agent ${quoteValue(agentId)}`;
  if (isMain) return `${quoteValue(key)} is ${main}.`;
  if (parseSessionKey(key).kind === "malformed") {
    return `${quoteValue(key)} names no agent that can be, and so is nobody's main session.`;
  }
  return `${quoteValue(key)} is not ${main}; that is ${quoteValue(mainKeys[0])}.`;
}

const meaningOfScope: Readonly<Record<ScopeKind, (session: Omit<Session, "why">) => string>> = {
  session: () => "its sandbox is its own",
  agent: ({ agentId }) =>
    `it shares one sandbox with all sandboxed sessions of the agent ${quoteValue(agentId)}`,
  shared: () => "it shares one sandbox with all sandboxed sessions of all agents",
};
