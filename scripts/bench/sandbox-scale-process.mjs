// sandbox-scale-process.mjs ROOT DOCKER_HOST HOME_DIR IMAGE PREFIX COUNT: gives so many sessions their sandboxes and keeps
// them all, as a gateway does, and tells as JSON what that took.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [root, DOCKER_HOST, homeDir, image, containerPrefix, count] = process.argv.slice(2);
const bareBytes = process.memoryUsage.rss();
const library = await import(pathToFileURL(join(root, "dist/gateway.js")).href);
const engine = await library.connectEngine({ env: { DOCKER_HOST }, homeDir });
const loadedBytes = process.memoryUsage.rss();
const stateDir = join(homeDir, ".openclaw");
const config = { agents: { defaults: { sandbox: { mode: "all", docker: { image, containerPrefix } } } } };
const ground = { file: join(stateDir, "openclaw.json"), stateDir, homeDir };
const settings = library.loadSandboxConfig(library.configDocumentOf(config, ground), "main").config;
const manager = library.createSandboxManager({ engine, stateDir, homeDir });
const held = [];
let mostBytes = 0;
for (let index = 0; index < Number(count); index += 1) {
  const sessionKey = `agent:main:bench:direct:${index}`;
  held.push(
    await manager.ensure({
      session: library.resolveSession({ config, sandboxOf: () => settings, sessionKey }),
      config: settings,
      skills: {
        sources: { config, stateDir, homeDir, bundledDir: null },
        choice: { names: null, facts: null },
      },
    }),
  );
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
}
const heldBytes = process.memoryUsage.rss();
const life = { engine, owner: manager.owner, workspaceRoot: settings.workspaceRoot.value };
const seconds = [];
for (let round = 0; round < 7; round += 1) {
  const start = performance.now();
  const listed = await library.listSandboxes(life);
  seconds.push((performance.now() - start) / 1000);
  if (listed.length !== held.length) throw new Error(`${listed.length} of ${held.length} in the list`);
}
await manager.close();
process.stdout.write(
  JSON.stringify({ bareBytes, loadedBytes, heldBytes, mostBytes, listSeconds: seconds.sort()[3] }),
);
