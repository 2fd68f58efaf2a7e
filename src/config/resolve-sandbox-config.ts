import { join } from "node:path/posix";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { asObject } from "../skill/own-value.ts";
import type { ConfigDocument } from "./config-document.ts";
import { mergeSection } from "./merge-section.ts";
import { problemAt, problemOf, sortProblems } from "./problem.ts";
import { resolveUserPath } from "./resolve-user-path.ts";
import { checkSettings } from "./rules/check-settings.ts";
import type { BindGround } from "./rules/judge-bind-source.ts";
import type { SandboxConfig, Sourced } from "./sandbox-config.ts";
import { normaliseAgentId } from "./session/agent-id.ts";
import type { KeyPath } from "./session/key-path.ts";
import type { SandboxFields } from "./settings/sandbox-settings.ts";
import { sections } from "./settings/sections.ts";
import { checkLevel, type SettingsLevel, sectionPath } from "./settings-level.ts";
import { writtenOrigin } from "./written-origin.ts";

export interface ResolvedSandboxConfig {
  /** Where an error is among the diagnostics, what is wrong counts as not written, and no sandbox may stand on this. */
  readonly config: SandboxConfig;
  /** In the order of the file. Refusals are errors; findings are warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The settings of one agent's sandboxes: its own over those of all agents over the defaults, each with its origin, and
 * everything that is wrong with them. An agent that the configuration does not name has those of all agents. Links are
 * not looked at: see `checkBinds`.
 */
export function resolveSandboxConfig(document: ConfigDocument, agentId: string): ResolvedSandboxConfig {
  const diagnostics: Diagnostic[] = [];
  const levels = listLevels(document, agentId);
  for (const level of levels) diagnostics.push(...checkLevel(document, level));
  const merged: Record<string, unknown> = {};
  for (const section of sections) {
    const isShared = section.key !== null && (merged["scope"] as SandboxFields["scope"]).value === "shared";
    const applied = isShared ? levels.filter(({ rule }) => rule === "defaults") : levels;
    for (const level of levels.filter((one) => !applied.includes(one)))
      diagnostics.push(...reportUnused(document, sectionPath(level, section)));
    const { fields, diagnostics: found } = mergeSection(document, section, applied);
    diagnostics.push(...found);
    if (section.key === null) Object.assign(merged, fields);
    else merged[section.key] = fields;
  }
  // The tables have a row for each field: see SettingsTable.
  const fields = merged as unknown as Omit<SandboxConfig, "agentId" | "agentWorkspace">;
  const config: SandboxConfig = {
    agentId: normaliseAgentId(agentId),
    ...fields,
    workspaceRoot: expandHome(fields.workspaceRoot, document),
    agentWorkspace: locateWorkspace(document, agentId, fields.workspaceAccess.value !== "none", diagnostics),
  };
  diagnostics.push(...checkSettings(config, bindGround(config, document)));
  return { config, diagnostics: sortProblems(diagnostics) };
}

/** By what the sources of an agent's mounts are judged. */
export function bindGround(
  { workspaceRoot, agentWorkspace }: SandboxConfig,
  { homeDir, stateDir }: ConfigDocument,
): BindGround {
  return { homeDir, stateDir, workspaceRoot: workspaceRoot.value, agentWorkspace: agentWorkspace.value };
}

/** The weakest first. */
function listLevels(document: ConfigDocument, agentId: string): readonly SettingsLevel[] {
  const agent = document.pathOfAgent(agentId);
  const defaults: SettingsLevel = { rule: "defaults", path: ["agents", "defaults", "sandbox"] };
  return agent === null ? [defaults] : [defaults, { rule: "agent", path: [...agent, "sandbox"] }];
}

function reportUnused(document: ConfigDocument, path: KeyPath): readonly Diagnostic[] {
  if (Object.keys(asObject(document.valueAt(path)) ?? {}).length === 0) return [];
  return [
    problemAt(path, document.placeOfKey(path), {
      code: "CONFIG_SCOPE_SHARED",
      severity: "warning",
      what: 'does not apply: with the scope "shared" all agents have one sandbox, as agents.defaults.sandbox says',
      hint: 'Write it under agents.defaults.sandbox, or give the agent the scope "agent" or "session".',
    }),
  ];
}

function expandHome(path: Sourced<string>, { homeDir }: ConfigDocument): Sourced<string> {
  return { ...path, value: resolveUserPath(path.value, homeDir) ?? path.value };
}

/** `workspace` of the agent, else of all agents, else the gateway's own folder for it. */
function locateWorkspace(
  document: ConfigDocument,
  agentId: string,
  isNeeded: boolean,
  diagnostics: Diagnostic[],
): Sourced<string> {
  const levels = listLevels(document, agentId).toReversed();
  for (const { rule, path: sandboxPath } of levels) {
    const path = [...sandboxPath.slice(0, -1), "workspace"];
    const written = document.valueAt(path);
    if (typeof written !== "string" || written.trim() === "") continue;
    const origin = writtenOrigin(document, path, rule);
    const value = resolveUserPath(written.trim(), document.homeDir);
    if (value !== null) return { value, origin };
    diagnostics.push(
      problemOf(origin, {
        code: "GATEWAY_PATH_RELATIVE",
        severity: isNeeded ? "error" : "warning",
        what: `is ${quoteValue(written)}: it depends on a folder that only the gateway knows, and is not used`,
        hint: "Write an absolute path, or one that begins with ~/.",
      }),
    );
    break;
  }
  return {
    value: join(document.stateDir, "workspace"),
    origin: { file: null, key: "agents.defaults.workspace", line: null, column: null, rule: "derived" },
  };
}
