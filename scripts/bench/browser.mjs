import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Docker from "dockerode";
import { openBenchGateway } from "./bench-gateway.mjs";
import { measureInTurns, median } from "./measure.mjs";

const image = "openclaw-sandbox-browser:bookworm-slim";
const page = "data:text/html,<title>a%20page</title>";
const settleMs = 10_000;

/** A browser without a screen: its start, its second call and its memory, against the same Chromium in a plain container. */
export async function benchBrowser({ root, report }) {
  const library = await import(pathToFileURL(join(root, "dist/index.js")).href);
  const dir = mkdtempSync(join(tmpdir(), "skillcrate-bench-"));
  const engine = await library.connectEngine({ env: process.env, homeDir: homedir() });
  const bare = plainChromium(new Docker(), join(root, "data/seccomp/browser.json"));
  const browser = {
    enabled: true,
    image,
    headless: true,
    containerPrefix: "skillcrate-bench-",
    autoStartTimeoutMs: 60_000,
  };
  const gateway = openBenchGateway({ library, engine, homeDir: dir, sandbox: { browser } });
  try {
    await benchStart({ library, gateway, bare, report });
    await benchAgain({ gateway, report });
    await benchMemory({ gateway, bare, report });
  } finally {
    await gateway.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function ensureBrowser({ manager, request }, name) {
  return manager.ensureBrowser(request(name));
}

/** The same program, profile of system calls and shared memory; no doors, no proxy, nobody who watches over it. */
function plainChromium(docker, seccompPath) {
  const seccomp = JSON.stringify(JSON.parse(readFileSync(seccompPath, "utf8")));
  const create = (args) =>
    docker.createContainer({
      Image: image,
      Entrypoint: ["/usr/lib/chromium/chromium"],
      Cmd: ["--headless=new", "--user-data-dir=/tmp/profile", "--disable-gpu", "--no-first-run", ...args],
      HostConfig: {
        ...{ NetworkMode: "none", Init: true, CapDrop: ["ALL"], ShmSize: 2 ** 29 },
        SecurityOpt: ["no-new-privileges", `seccomp=${seccomp}`],
      },
    });
  return {
    async loadPage() {
      const container = await create(["--dump-dom", page]);
      await container.start();
      await container.wait();
      await container.remove();
    },
    async withBlankPage(task) {
      const container = await create(["--remote-debugging-port=9222", "about:blank"]);
      await container.start();
      try {
        return await task(container.id);
      } finally {
        await container.remove({ force: true });
      }
    },
    /** Without what the kernel keeps of files, which it gives back. */
    async memoryBytes(id) {
      const { memory_stats: memory } = await docker.getContainer(id).stats({ stream: false });
      return memory.usage - (memory.stats.inactive_file ?? memory.stats.total_inactive_file ?? 0);
    },
  };
}

async function benchStart({ library, gateway, bare, report }) {
  let made = 0;
  const { ours, plain } = await measureInTurns(
    {
      plain: bare.loadPage,
      ours: async () => {
        made += 1;
        const browser = await ensureBrowser(gateway, `start-${made}`);
        await library.openPage(await browser.wsEndpoint(), page);
      },
    },
    { rounds: 5 },
  );
  report("start to first page loaded, against Chromium in a plain container", ours, plain, "at most 1.3");
  // Those that idle would slow down what follows.
  await gateway.removeContainers();
}

async function benchAgain({ gateway, report }) {
  await ensureBrowser(gateway, "again");
  const seconds = [];
  for (let round = 0; round < 20; round += 1) {
    const start = performance.now();
    (await ensureBrowser(gateway, "again")).release();
    seconds.push((performance.now() - start) / 1000);
  }
  report("second call, against 20 ms", median(seconds), 0.02, "at most 1");
}

async function benchMemory({ gateway, bare, report }) {
  const settled = async (id) => {
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    return (await bare.memoryBytes(id)) / 2 ** 20;
  };
  const plain = await bare.withBlankPage(settled);
  const ours = await settled((await ensureBrowser(gateway, "memory")).containerId);
  report(
    "idle memory with a blank page in MiB, against Chromium in a plain container",
    ours,
    plain,
    "at most 1.1",
  );
}
