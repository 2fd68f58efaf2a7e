import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configDocumentOf } from "../../src/config/config-document.ts";
import { resolveSession } from "../../src/config/session/resolve-session.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { BrowserEvent, BrowserRequest } from "../../src/sandbox/browser/browser-request.ts";
import { readWebPolicy } from "../../src/sandbox/browser/web-proxy/read-web-policy.ts";
import { loadSandboxConfig } from "../../src/sandbox/config/load-sandbox-config.ts";
import { containerLabels } from "../../src/sandbox/container/container-plan.ts";
import { createSandboxManager, type SandboxManager } from "../../src/sandbox/create-sandbox-manager.ts";
import type { GatewaySandboxes } from "../../src/sandbox/life/find-sandboxes.ts";

/** A gateway whose sessions have browsers, in a folder of its own on a real engine. */
export interface BrowserWorld {
  readonly homeDir: string;
  readonly stateDir: string;
  readonly gateway: GatewaySandboxes;
  readonly events: BrowserEvent[];
  /** A process of the gateway, as it were; closed with the world. */
  open(): SandboxManager;
  /** Of the session `agent:main:NAME`; `web`: what of the web it may reach, in lines of a list. */
  request(
    name: string,
    request?: Partial<BrowserRequest> & { readonly allow?: readonly string[] },
  ): BrowserRequest;
  /** `NAME STATE` of every container that is there. */
  containers(): Promise<readonly string[]>;
  /** Removes all that it has made. */
  remove(): Promise<void>;
}

export function browserWorld(engine: Engine, image: string, settings: object = {}): BrowserWorld {
  const dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-browser-"));
  const stateDir = join(dir, ".openclaw");
  const workspace = join(stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  if (process.geteuid?.() === 0) chownSync(workspace, 1000, 1000);
  const browser = {
    ...{ enabled: true, image, containerPrefix: "skillcrate-test-web-", autoStartTimeoutMs: 60_000 },
    ...settings,
  };
  const config = { agents: { defaults: { workspace, sandbox: { mode: "all", browser } } } };
  writeFileSync(join(stateDir, "openclaw.json"), JSON.stringify(config));
  const document = configDocumentOf(config, {
    file: join(stateDir, "openclaw.json"),
    stateDir,
    homeDir: dir,
  });
  const loaded = loadSandboxConfig(document, "main");
  const wrong = loaded.diagnostics.filter(({ severity }) => severity === "error");
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
  const events: BrowserEvent[] = [];
  const managers: SandboxManager[] = [];
  const open = () => {
    const onBrowserEvent = (event: BrowserEvent) => void events.push(event);
    const manager = createSandboxManager({ engine, stateDir, homeDir: dir, onBrowserEvent });
    managers.push(manager);
    return manager;
  };
  const owner = open().owner;
  const gateway = { engine, owner, workspaceRoot: loaded.config.workspaceRoot.value };
  const listed = () => engine.sandboxes.list([`${containerLabels.owner}=${owner}`]);
  return {
    homeDir: dir,
    stateDir,
    gateway,
    events,
    open,
    request: (name, { allow, ...request } = {}) => ({
      session: resolveSession({
        config,
        sandboxOf: () => loaded.config,
        sessionKey: `agent:main:telegram:dm:${name}`,
      }),
      config: loaded.config,
      ...(allow === undefined ? {} : { web: policyOf(allow) }),
      ...request,
    }),
    containers: async () => (await listed()).map(({ name, state }) => `${name} ${state}`).sort(),
    remove: async () => {
      for (const manager of managers) await manager.close();
      for (const { id } of await listed()) await engine.containers.remove(id);
      const networks = await engine.networks.list([`${containerLabels.owner}=${owner}`]);
      for (const { name } of networks) await engine.networks.remove(name);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function policyOf(allow: readonly string[]) {
  const read = readWebPolicy({ allow });
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  return read.policy;
}
