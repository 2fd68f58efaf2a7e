import { homedir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Docker from "dockerode";
import { measureInTurns } from "./measure.mjs";

const image = "openclaw-sandbox:bookworm-slim";
const smallCommands = 200;

/** One command in a running container against the engine's own exec of it; and small commands through a runner. */
export async function benchExec({ root, report }) {
  const { connectEngine, createWardens, execInSandbox, openSandboxRunner } = await import(
    pathToFileURL(join(root, "dist/index.js")).href
  );
  const engine = await connectEngine({ env: process.env, homeDir: homedir() });
  const wardens = createWardens(engine);
  const containerId = await engine.containers.create({
    image,
    command: ["sleep", "600"],
    entrypoint: [],
    user: "1000:1000",
    env: {},
    labels: { "dev.skillcrate.bench": "exec" },
    network: "none",
    readOnlyRoot: true,
    tmpfs: { "/tmp": "rw,nosuid,nodev,size=8m" },
    memoryBytes: 256 * 1024 * 1024,
    pids: 128,
  });
  const runner = openSandboxRunner({ engine, containerId, wardens });
  try {
    await engine.containers.start(containerId);
    const container = new Docker().getContainer(containerId);
    const command = ["true"];
    const medians = await measureInTurns(
      {
        bare: () => execBare(container, command),
        exec: () => execInSandbox({ engine, containerId, command, timeoutMs: 30_000, wardens }),
        runner: async () => {
          for (let count = 0; count < smallCommands; count += 1)
            await runner.run({ command, timeoutMs: 30_000 });
        },
      },
      { rounds: 31 },
    );
    report("execInSandbox / the engine's own exec", medians.exec, medians.bare, "at most 1.10");
    const smallMs = (medians.runner * 1000) / smallCommands;
    report("a small command through the runner (ms)", smallMs, 1, "under 5 ms");
  } finally {
    runner.close();
    wardens.close();
    await engine.containers.remove(containerId);
  }
}

/** The three requests that an exec takes, and nothing around them. */
async function execBare(container, command) {
  const exec = await container.exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  await new Promise((resolve, reject) => stream.on("end", resolve).on("error", reject));
  while ((await exec.inspect()).Running);
}
