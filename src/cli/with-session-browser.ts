import { SkillcrateError } from "../diagnostic/skillcrate-error.ts";
import { connectEngine } from "../engine/connect/connect-engine.ts";
import type { BrowserRequest } from "../sandbox/browser/browser-request.ts";
import { unsandboxedVariable } from "../sandbox/browser/plan-browser.ts";
import { loadWebPolicy } from "../sandbox/browser/web-proxy/load-web-policy.ts";
import { createSandboxManager, type SandboxManager } from "../sandbox/create-sandbox-manager.ts";
import type { GatewaySandboxes } from "../sandbox/life/find-sandboxes.ts";
import type { browserServeOptions } from "./browser-options.ts";
import type { Surroundings } from "./command.ts";
import { locateSession } from "./locate-session.ts";
import type { OptionValues } from "./option.ts";

type ServeOptions = OptionValues<typeof browserServeOptions>;

/** Those that not every command has. */
type Options = Pick<ServeOptions, "session" | "agent"> & Partial<ServeOptions>;

/** A session's browser, to be asked for. */
export interface SessionBrowser {
  readonly gateway: GatewaySandboxes;
  readonly manager: SandboxManager;
  /** `start`: whoever calls a command asks for it by name. */
  readonly request: BrowserRequest;
}

/**
 * Hands the browser of the session that options name to a task; doors that this process has opened close with it. Throws
 * `INPUT_INVALID` for a session without a sandbox, one without a browser, and settings that are refused.
 */
export async function withSessionBrowser<Result>(
  surroundings: Surroundings,
  options: Options,
  task: (browser: SessionBrowser) => Promise<Result>,
): Promise<Result> {
  const { env, homeDir, signal, story } = surroundings;
  const { sandboxes, session, config, diagnostics } = locateSession(surroundings, options);
  story.diagnostics(diagnostics);
  if (!config.browser.enabled.value) {
    throw new SkillcrateError("INPUT_INVALID", "The session's sandbox has no browser.", {
      hint: `Set ${config.browser.enabled.origin.key} to true.`,
    });
  }
  const { stateDir } = sandboxes;
  const { webAllow = [], webDeny = [] } = options;
  const web = loadWebPolicy(stateDir, { allow: webAllow.length === 0 ? null : webAllow, deny: webDeny });
  const engine = await connectEngine(surroundings);
  const unsandboxedBrowsers = ["1", "true"].includes(env[unsandboxedVariable] ?? "");
  const manager = createSandboxManager({ engine, stateDir, homeDir, unsandboxedBrowsers });
  const workspaceRoot = config.workspaceRoot.value;
  try {
    return await task({
      gateway: { engine, owner: manager.owner, workspaceRoot },
      manager,
      request: {
        ...{ session, config, web, signal },
        start: true,
        profile: options.freshProfile === true ? "fresh" : "kept",
      },
    });
  } finally {
    await manager.close();
  }
}
