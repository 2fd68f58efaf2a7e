import type { ConfigDocument } from "../../config/config-document.ts";
import { placeOfOrigin, sortProblems } from "../../config/problem.ts";
import {
  bindGround,
  type ResolvedSandboxConfig,
  resolveSandboxConfig,
} from "../../config/resolve-sandbox-config.ts";
import { checkBindSource } from "../../config/rules/check-bind-settings.ts";
import type { BindSetting, Sourced, SourcedMap } from "../../config/sandbox-config.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { resolveHomePaths } from "../home/home-paths.ts";
import { checkBinds } from "./check-binds.ts";

/**
 * The settings of one agent's sandboxes, with everything that is wrong with them here: by what is written, and by what
 * the mounts lead to on this disk.
 */
export function loadSandboxConfig(document: ConfigDocument, agentId: string): ResolvedSandboxConfig {
  const { config, diagnostics } = resolveSandboxConfig(document, agentId);
  const ground = bindGround(config, document);
  // What is refused by its spelling needs no second reason.
  const isOpen = (bind: Sourced<BindSetting>) => checkBindSource(bind, config, ground).length === 0;
  const binds = [...config.docker.binds, ...(config.browser.binds ?? [])].filter(isOpen);
  return {
    config,
    diagnostics: sortProblems([
      ...diagnostics,
      ...checkBinds(binds, config, ground).diagnostics,
      ...checkHome(config.docker.env),
    ]),
  };
}

/** Says where HOME or an XDG folder cannot be what docker.env wants. */
function checkHome(env: SourcedMap<string>): readonly Diagnostic[] {
  const values = Object.fromEntries([...env].map(([name, { value }]) => [name, value]));
  const placeOf = (name: string) => {
    const written = env.get(name);
    return written === undefined ? null : placeOfOrigin(written.origin);
  };
  return resolveHomePaths(values, chosenLater, placeOf).diagnostics;
}

/** Whose number is in no path that is refused. */
const chosenLater = 1000;
