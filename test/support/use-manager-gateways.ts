import { chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { type ConfigDocument, configDocumentOf } from "../../src/config/config-document.ts";
import { resolveSession } from "../../src/config/session/resolve-session.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { loadSandboxConfig } from "../../src/sandbox/config/load-sandbox-config.ts";
import { containerLabels } from "../../src/sandbox/container/container-plan.ts";
import { ownerId } from "../../src/sandbox/container/owner-id.ts";
import {
  createSandboxManager,
  type SandboxManager,
  type SandboxManagerOptions,
} from "../../src/sandbox/create-sandbox-manager.ts";
import type { Sandbox, SandboxRequest } from "../../src/sandbox/ensure/sandbox-request.ts";
import { explainSandbox } from "../../src/sandbox/explain/explain-sandbox.ts";
import type { GatewaySandboxes } from "../../src/sandbox/life/find-sandboxes.ts";
import { expectExplained } from "./expect-explained.ts";
import { writeSkill } from "./gateway-ground.ts";
import { connectTestEngine } from "./test-engine.ts";

/** A gateway with one agent and one skill, `greeter`, in a folder of its own. */
export interface ManagerGateway {
  readonly stateDir: string;
  readonly agentWorkspace: string;
  readonly document: ConfigDocument;
  readonly sandboxes: GatewaySandboxes;
  requestFor(sessionKey: string): SandboxRequest;
  /** What is explained of each sandbox that it gives is held against what the engine has. */
  open(options?: Partial<SandboxManagerOptions>): SandboxManager;
  /** Writes the configuration down; gives the surroundings of commands. */
  write(): { readonly env: Readonly<Record<string, string | undefined>>; readonly homeDir: string };
}

/** Gateways with managers on the engine of the tests, for a file of tests: what they make goes at its end. */
export function useManagerGateways() {
  let engine: Engine;
  let dir: string;
  const owners = new Set<string>();

  beforeAll(async () => {
    engine = await connectTestEngine();
    dir = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-managers-"));
  });

  afterAll(async () => {
    for (const owner of owners) {
      const left = await engine.sandboxes.list([`${containerLabels.owner}=${owner}`]);
      for (const { id } of left) await engine.containers.remove(id);
    }
    rmSync(dir, { recursive: true, force: true });
  });

  /** `sandbox`: settings over `agents.defaults.sandbox`. */
  function gateway(name: string, sandbox: object = {}): ManagerGateway {
    const homeDir = join(dir, name);
    const stateDir = join(homeDir, ".openclaw");
    const agentWorkspace = join(stateDir, "workspace");
    mkdirSync(agentWorkspace, { recursive: true });
    if (process.geteuid?.() === 0) chownSync(agentWorkspace, 1000, 1000);
    writeSkill(join(stateDir, "skills"), "greeter");
    const docker = { image: inject("baseImage"), containerPrefix: "skillcrate-test-" };
    const config = {
      agents: { defaults: { workspace: agentWorkspace, sandbox: { mode: "all", docker, ...sandbox } } },
    };
    const document = configDocumentOf(config, { file: join(stateDir, "openclaw.json"), stateDir, homeDir });
    const loaded = loadSandboxConfig(document, "main");
    const wrong = loaded.diagnostics.filter(({ severity }) => severity === "error");
    if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
    const owner = ownerId(stateDir);
    owners.add(owner);
    const sandboxes = { engine, owner, workspaceRoot: loaded.config.workspaceRoot.value };
    const sources = { config, stateDir, homeDir, bundledDir: null };
    const explained = async ({ id, outdated }: Sandbox, { session, config: asked }: SandboxRequest) => {
      // A test may have an engine of its own.
      if ((await engine.sandboxes.inspect(id)) === null) return;
      const { container } = await explainSandbox({
        ...{ document, session, resolved: loaded, gateway: sandboxes, hostBins: [] },
        skills: { ground: { ...sources, workspaceDir: agentWorkspace }, names: null },
        secrets: { stored: new Map(), gatewayEnv: {}, rules: [] },
        signal: AbortSignal.timeout(60_000),
      });
      expect(container?.id).toBe(id);
      if (container === null) return;
      await expectExplained(container);
      if (outdated.length === 0 && asked === loaded.config) expect(container.differences).toEqual([]);
    };
    return {
      stateDir,
      agentWorkspace,
      document,
      sandboxes,
      requestFor: (sessionKey) => ({
        session: resolveSession({ config, sandboxOf: () => loaded.config, sessionKey }),
        config: loaded.config,
        skills: { sources, choice: { names: null, facts: null } },
      }),
      open: (options = {}) => {
        const manager = createSandboxManager({ engine, stateDir, homeDir, ...options });
        const ensure = async (request: SandboxRequest) => {
          const sandbox = await manager.ensure(request);
          await explained(sandbox, request);
          return sandbox;
        };
        return { ...manager, ensure };
      },
      write: () => {
        writeFileSync(document.file, JSON.stringify(config));
        const { DOCKER_HOST } = process.env;
        return { env: { OPENCLAW_STATE_DIR: stateDir, DOCKER_HOST }, homeDir };
      },
    };
  }

  return { engine: () => engine, gateway };
}
