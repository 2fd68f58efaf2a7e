import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A gateway with one agent, so many skills, and all of its sessions sandboxed; `sandbox` is the rest of its settings. */
export function openBenchGateway({ library, engine, homeDir, sandbox, skillCount = 0 }) {
  const stateDir = join(homeDir, ".openclaw");
  const workspaceDir = join(stateDir, "workspace");
  mkdirSync(workspaceDir, { recursive: true });
  if (process.getuid() === 0) chownSync(workspaceDir, 1000, 1000);
  for (let index = 0; index < skillCount; index += 1) writeSkill(stateDir, `skill-${index}`);
  const config = { agents: { defaults: { sandbox: { mode: "all", ...sandbox } } } };
  const ground = { file: join(stateDir, "openclaw.json"), stateDir, homeDir };
  const settings = library.loadSandboxConfig(library.configDocumentOf(config, ground), "main").config;
  const open = (options) => library.createSandboxManager({ engine, stateDir, homeDir, ...options });
  const manager = open({});
  const list = () => engine.sandboxes.list([`dev.skillcrate.owner=${manager.owner}`]);
  const removeContainers = async () => {
    for (const { id } of await list()) await engine.containers.remove(id);
  };
  return {
    ...{ stateDir, manager, open, list, removeContainers },
    workspaceRoot: settings.workspaceRoot.value,
    /** For `ensure` and `ensureBrowser`: the session of whoever `name` is. */
    request: (name) => ({
      session: library.resolveSession({
        config,
        sandboxOf: () => settings,
        sessionKey: `agent:main:bench:direct:${name}`,
      }),
      config: settings,
      skills: {
        sources: { config, stateDir, homeDir, bundledDir: null },
        choice: { names: null, facts: null },
      },
    }),
    async close() {
      await manager.close();
      await removeContainers();
    },
  };
}

function writeSkill(stateDir, name) {
  const dir = join(stateDir, "skills", name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "SKILL.md"), `---\nname: ${name}\ndescription: One of many.\n---\n\nText.\n`);
}
