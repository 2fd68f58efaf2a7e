import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { resolveSandboxConfig } from "../../../src/config/resolve-sandbox-config.ts";
import { resolveSession } from "../../../src/config/session/resolve-session.ts";
import { applyConfigEdits } from "../../../src/config/tools/config-edit.ts";
import { decideTool } from "../../../src/config/tools/decide-tool.ts";
import { knownTools } from "../../../src/config/tools/known-tools.ts";
import { configuration, documentOf } from "../effective.ts";

const everything = knownTools.map(({ name }) => name).sort();

const files = ["read", "write", "edit", "apply_patch"];
const runtime = ["exec", "process"];
const sessions = ["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"];
/** What the default clamp leaves. */
const clamped = [...files, ...runtime, ...sessions, "image"];
const without = (tools: readonly string[], gone: readonly string[]) =>
  tools.filter((tool) => !gone.includes(tool));

interface Judged {
  readonly file: string;
  readonly session: string;
  readonly startedBy?: string;
  /** `session`, `agent` or `shared`, and its key; null: not sandboxed. */
  readonly scope: string | null;
  readonly tools: readonly string[];
}

/** Judged by hand. */
const table: readonly Judged[] = [
  { file: "single-agent", session: "main", scope: null, tools: everything },
  {
    file: "single-agent",
    session: "agent:main:whatsapp:group:1@g.us",
    scope: "session agent:main:whatsapp:group:1@g.us",
    tools: clamped,
  },
  { file: "per-agent-overrides", session: "main", scope: "agent main", tools: clamped },
  { file: "per-agent-overrides", session: "agent:build:main", scope: "agent build", tools: clamped },
  { file: "per-agent-overrides", session: "agent:host:main", scope: null, tools: everything },
  // It is free by itself, and is started from a sandbox; subagents coordinate nobody.
  {
    file: "per-agent-overrides",
    session: "agent:host:subagent:1",
    startedBy: "agent:build:main",
    scope: "session agent:host:subagent:1",
    tools: without(clamped, sessions),
  },
  { file: "shared-scope", session: "main", scope: "shared shared", tools: clamped },
  {
    file: "shared-scope",
    session: "agent:work:main",
    scope: "shared shared",
    tools: without(clamped, ["write", "edit", "apply_patch"]),
  },
  { file: "shared-scope", session: "agent:solo:cron:x", scope: "agent solo", tools: clamped },
  { file: "family-agents", session: "main", scope: null, tools: everything },
  {
    file: "family-agents",
    session: "agent:family:whatsapp:group:120363@g.us",
    scope: "agent family",
    tools: ["read", "sessions_list", "sessions_send"],
  },
  { file: "read-only-reviewer", session: "agent:main:main", scope: null, tools: everything },
  // The only agent that is configured is the default one.
  {
    file: "read-only-reviewer",
    session: "main",
    scope: "session agent:reviewer:main",
    tools: ["read", ...sessions, "image"],
  },
  { file: "cron-sessions", session: "home", scope: null, tools: everything },
  { file: "cron-sessions", session: "agent:main:main", scope: null, tools: everything },
  {
    file: "cron-sessions",
    session: "cron:nightly",
    scope: "session agent:main:cron:nightly",
    tools: clamped,
  },
  {
    file: "cron-sessions",
    session: "agent:main:telegram:direct:42",
    scope: "session agent:main:telegram:direct:42",
    tools: clamped,
  },
  { file: "gateway-link", session: "main", scope: "session agent:main:main", tools: clamped },
  // A browser beside the sandbox does not let the tool through the clamp.
  { file: "browser", session: "main", scope: "session agent:main:main", tools: clamped },
  { file: "old-forms", session: "main", scope: null, tools: everything },
  { file: "old-forms", session: "cron:x", scope: "session agent:main:cron:x", tools: clamped },
  { file: "old-forms", session: "agent:team:slack:channel:c1", scope: "shared shared", tools: clamped },
  { file: "everything", session: "cron:x", scope: "agent main", tools: clamped },
  { file: "guide-minimal", session: "cron:x", scope: "session agent:main:cron:x", tools: clamped },
  { file: "guide-bridge-extra-host", session: "cron:x", scope: "session agent:main:cron:x", tools: clamped },
  { file: "guide-bind-lan", session: "cron:x", scope: "session agent:main:cron:x", tools: clamped },
  { file: "guide-client-environment", session: "cron:x", scope: "session agent:main:cron:x", tools: clamped },
  { file: "guide-remote-client", session: "cron:x", scope: null, tools: everything },
  // Its own list lacks what the default one has, but for image, which is always there.
  {
    file: "guide-cron-in-the-clamp",
    session: "cron:x",
    scope: "session agent:main:cron:x",
    tools: [...files, ...runtime, "cron", "image"],
  },
  { file: "guide-home-and-dm-scope", session: "main", scope: "session agent:main:main", tools: clamped },
  {
    file: "guide-home-and-dm-scope",
    session: "agent:main:telegram:direct:42",
    scope: "session agent:main:telegram:direct:42",
    tools: clamped,
  },
];

function resolve(config: unknown, { session: sessionKey, startedBy }: Judged) {
  const document = documentOf(config);
  const sandboxOf = (agentId: string) => resolveSandboxConfig(document, agentId).config;
  const spawnedBy =
    startedBy === undefined ? null : resolveSession({ config, sandboxOf, sessionKey: startedBy });
  return resolveSession({ config, sandboxOf, sessionKey, spawnedBy });
}

test.each(table)("$file: $session (started by $startedBy) is in $scope", (judged) => {
  const config = configuration(judged.file).valueAt([]);
  const session = resolve(config, judged);
  expect(session.sandboxed ? `${session.scope.kind} ${session.scope.key}` : null).toBe(judged.scope);
  const decisions = everything.map((tool) => decideTool({ config, session, tool }));
  const allowed = decisions.filter((decision) => decision.allowed).map(({ tool }) => tool);
  expect(allowed).toEqual([...judged.tools].sort());
  for (const { tool, smallestChange } of decisions) {
    const changed = applyConfigEdits(config, smallestChange);
    const after = resolve(changed, judged);
    expect(decideTool({ config: changed, session: after, tool }).allowed).toBe(true);
  }
});

test("every configuration is judged", () => {
  const names = readdirSync(fileURLToPath(new URL("../configurations", import.meta.url)));
  expect([...new Set(table.map(({ file }) => `${file}.json5`))].sort()).toEqual(names.sort());
});
