import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import Docker from "dockerode";
import { openBenchGateway } from "./bench-gateway.mjs";
import { median, run } from "./measure.mjs";
import { startRecordedEngine } from "./recorded-engine.mjs";

const image = "openclaw-sandbox:bookworm-slim";
const prefix = "skillcrate-bench-";
const sessions = Number(process.env.SKILLCRATE_BENCH_SESSIONS ?? 1000);
const program = join(dirname(fileURLToPath(import.meta.url)), "sandbox-scale-process.mjs");

/**
 * A manager with many sessions: its memory, against an engine that answers from records. With `--real`, which takes some
 * minutes: a hundred sandboxes of the real engine at once, and the list of as many containers as there are sessions,
 * created and never started.
 */
export async function benchSandboxScale({ root, report, options }) {
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  const socketPath = join(dir, "engine.sock");
  try {
    const real = await record(root, dir);
    const recorded = await startRecordedEngine(real.answers, socketPath);
    try {
      const args = [program, root, `unix://${socketPath}`, dir, image, prefix, String(sessions)];
      const taken = JSON.parse(await run(process.execPath, args));
      report(`memory of a manager with ${sessions} sessions (MB)`, taken.heldBytes / 1e6, 1, "under 150");
      report("the most while they were made (MB)", taken.mostBytes / 1e6, 1);
      report("of it Node and the library (MB)", taken.loadedBytes / 1e6, 1);
      report("of it Node (MB)", taken.bareBytes / 1e6, 1);
      report(`a list of ${sessions} from records (s)`, taken.listSeconds, 1, "under 0.5 s");
    } finally {
      await recorded.close();
    }
    if (!options.includes("--real")) return;
    await benchAtOnce({ report, library: real.library, homeDir: join(dir, "at-once") });
    await benchRealList({ report, ...real });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What the real engine answers for one sandbox, which is gone afterwards. */
async function record(root, homeDir) {
  const library = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const docker = new Docker();
  const engine = await library.connectEngine({ env: process.env, homeDir: homedir() });
  const sandboxSettings = { docker: { image, containerPrefix: prefix } };
  const gateway = openBenchGateway({ library, engine, homeDir, sandbox: sandboxSettings, skillCount: 20 });
  const sandbox = await gateway.manager.ensure(gateway.request("recorded"));
  const container = docker.getContainer(sandbox.id);
  const answers = {
    version: await docker.version(),
    info: await docker.info(),
    image: await docker.getImage(image).inspect(),
    container: await container.inspect(),
  };
  await gateway.close();
  const life = { engine, owner: gateway.manager.owner, workspaceRoot: gateway.workspaceRoot };
  return { answers, library, docker, plan: sandbox.plan, life };
}

/** All up, none twice, none left over. */
async function benchAtOnce({ report, library, homeDir }) {
  const engine = await library.connectEngine({ env: process.env, homeDir: homedir() });
  const sandboxSettings = { docker: { image, containerPrefix: prefix } };
  const gateway = openBenchGateway({ library, engine, homeDir, sandbox: sandboxSettings, skillCount: 20 });
  const life = { engine, owner: gateway.manager.owner, workspaceRoot: gateway.workspaceRoot };
  const requests = Array.from({ length: atOnce }, (_, index) => gateway.request(`at-once-${index}`));
  try {
    const start = performance.now();
    const sandboxes = await Promise.all(requests.map((request) => gateway.manager.ensure(request)));
    report(`${atOnce} sandboxes at once, all up (s)`, (performance.now() - start) / 1000, 1);
    const listed = await library.listSandboxes(life);
    const running = listed.filter(({ state }) => state === "running");
    const ids = new Set(sandboxes.map(({ id }) => id));
    if (listed.length !== atOnce || running.length !== atOnce || ids.size !== atOnce)
      throw new Error(`${running.length} of ${listed.length} run, ${ids.size} of ${atOnce} were given`);
    await gateway.manager.close();
    const collecting = performance.now();
    const late = { ...life, nowMs: Date.now() + 100 * 24 * 60 * 60 * 1000 };
    await library.pruneSandboxes(late);
    await library.collectSandboxGarbage({ ...late, graceMs: 0 });
    report(`${atOnce} sandboxes pruned and collected (s)`, (performance.now() - collecting) / 1000, 1);
    const left = await gateway.list();
    if (left.length > 0) throw new Error(`${left.length} are left over`);
  } finally {
    await gateway.close();
  }
}

const atOnce = 100;

/** Two at a time: an engine makes them one after the other in parts. */
async function benchRealList({ report, library, docker, plan, life }) {
  const made = [];
  const names = Array.from({ length: sessions }, (_, index) => index);
  const create = async () => {
    for (let index = names.pop(); index !== undefined; index = names.pop()) {
      const Labels = { ...plan.body.Labels, "dev.skillcrate.scope-key": `agent:main:bench:direct:${index}` };
      const container = await docker.createContainer({
        ...plan.body,
        Labels,
        name: `${prefix}scale-${index}`,
      });
      made.push(container);
    }
  };
  try {
    await Promise.all([create(), create()]);
    const seconds = [];
    for (let round = 0; round < 7; round += 1) {
      const start = performance.now();
      const listed = await library.listSandboxes(life);
      seconds.push((performance.now() - start) / 1000);
      if (listed.length !== sessions) throw new Error(`${listed.length} of ${sessions} in the list`);
    }
    report(`a list of ${sessions} real containers (s)`, median(seconds), 1, "under 0.5 s");
  } finally {
    for (const container of made) await container.remove({ force: true });
  }
}
