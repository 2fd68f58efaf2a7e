import { resolve } from "node:path";
import type { ConfigDocument } from "../config/config-document.ts";
import { resolveSandboxConfig } from "../config/resolve-sandbox-config.ts";
import { resolveUserPath } from "../config/resolve-user-path.ts";
import { defaultAgentId } from "../config/session/configured-agents.ts";
import type { Place } from "../diagnostic/diagnostic.ts";
import { quoteValue } from "../diagnostic/quote-value.ts";
import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { agentOfScope } from "../sandbox/agent-of-scope.ts";
import type { Scope } from "../sandbox/scope.ts";
import type { Surroundings } from "./command.ts";
import { readGatewayDocument } from "./read-gateway-document.ts";

/** Where a gateway keeps its sandboxes, and what its configuration says. */
export interface Sandboxes {
  readonly workspaceRoot: string;
  readonly stateDir: string;
  readonly configPath: string;
  /** The configuration, with the places of its values; empty where there is none. */
  readonly document: ConfigDocument;
  /** The value of the configuration file; `undefined` where there is none. */
  readonly config: unknown;
}

/**
 * `--workspace-root` (from the current folder), else the `workspaceRoot` that applies to the agent of the scope, or to
 * the default agent where no scope is named. Throws `INPUT_INVALID` where the gateway's configuration cannot be read, or
 * does not say where: what it says of folders and secrets must not be guessed.
 */
export function locateSandboxes(
  surroundings: Surroundings,
  workspaceRootOption: string | null,
  scope: Scope | null = null,
): Sandboxes {
  const { homeDir, cwd } = surroundings;
  const document = readGatewayDocument(surroundings);
  const { stateDir, file: configPath } = document;
  const config = document.valueAt([]);
  const workspaceRoot =
    workspaceRootOption === null
      ? configuredRoot(document, (scope === null ? null : agentOfScope(scope)) ?? defaultAgentId(config))
      : resolve(cwd, resolveUserPath(workspaceRootOption, homeDir) ?? workspaceRootOption);
  return { workspaceRoot, stateDir, configPath, document, config };
}

/** Other mistakes in the settings of sandboxes do not matter here. */
function configuredRoot(document: ConfigDocument, agentId: string): string {
  const { config, diagnostics } = resolveSandboxConfig(document, agentId);
  const wrong = diagnostics.filter(({ severity, place }) => severity === "error" && isRootAt(place));
  if (wrong.length === 0) return config.workspaceRoot.value;
  throw new SkillcrateError(
    "INPUT_INVALID",
    `${quoteValue(document.file)} does not say where sandboxes are.`,
    {
      hint: "Correct it, or name the folder: --workspace-root DIR",
      diagnostics: wrong,
    },
  );

  function isRootAt(place: Place | undefined): boolean {
    const levels = [["agents", "defaults"], document.pathOfAgent(agentId) ?? []];
    return levels.some((level) => {
      const written = document.placeOf([...level, "sandbox", "workspaceRoot"]);
      return written !== null && written.line === place?.line && written.column === place.column;
    });
  }
}
