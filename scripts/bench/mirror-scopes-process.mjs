// mirror-scopes-process.mjs ROOT STATE_DIR WORKSPACE_ROOT FIRST LAST: mirrors one scope after the other, as a gateway does,
// and tells as JSON what that took.
import { dirname, join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const [root, stateDir, workspaceRoot, first, last] = process.argv.slice(2);
const bareBytes = process.memoryUsage.rss();
const { createMirrorCache, mirrorSkills } = await import(pathToFileURL(join(root, "dist/gateway.js")).href);
const loadedBytes = process.memoryUsage.rss();
const uid = process.getuid();
// Contents are shared where files do not belong to the sandbox's user, and only root can make folders for another one.
const sandboxUser = uid === 0 ? { uid: 1000, gid: 1000 } : { uid, gid: process.getgid() };
const cache = createMirrorCache();
const delay = monitorEventLoopDelay({ resolution: 1 });
let mostBytes = 0;
delay.enable();
for (let scope = Number(first); scope <= Number(last); scope += 1) {
  await mirrorSkills({
    scope: { kind: "session", key: `agent:main:${scope}` },
    workspaceRoot,
    workspaceAccess: "none",
    sources: { config: {}, stateDir, homeDir: dirname(stateDir), workspaceDir: null, bundledDir: null },
    choice: { names: null, facts: null },
    sandboxUser,
    cache,
  });
  mostBytes = Math.max(mostBytes, process.memoryUsage.rss());
}
delay.disable();
process.stdout.write(JSON.stringify({ mostBytes, longestWaitMs: delay.max / 1e6, bareBytes, loadedBytes }));
