import type { Engine } from "../../src/engine/engine.ts";
import { withThrowawayContainer } from "../../src/engine/throwaway-container.ts";

/** Every file of an image: path → type, mode, owner, and what it holds or leads to. Times are left out. */
export async function listImageFiles(engine: Engine, image: string): Promise<Map<string, string>> {
  const spec = {
    image,
    user: "0:0",
    env: {},
    network: "none",
    readOnlyRoot: true,
    tmpfs: {},
    memoryBytes: 1024 ** 3,
    pids: 64,
  };
  const signal = AbortSignal.timeout(300_000);
  return withThrowawayContainer(engine, spec, signal, async (container) => {
    const output = async (script: string) => {
      const limits = { outputLimitBytes: 64 * 1024 ** 2, timeoutMs: 240_000 };
      const { exitCode, stdout, stderr, truncated } = await container.exec({
        command: ["sh", "-ec", script],
        ...limits,
      });
      if (exitCode !== 0 || truncated) throw new Error(`cannot list the files: ${stderr}`);
      return stdout.split("\n").filter((line) => line !== "");
    };
    const entries = await output(`find / -xdev ${isUnseen} -prune -o -printf '%p\\t%y %m %U:%G %l\\n'`);
    const sums = await output(`find / -xdev ${isUnseen} -prune -o -type f -exec sha256sum {} +`);
    const contents = new Map(sums.map((line) => [line.slice(66), line.slice(0, 64)]));
    return new Map(
      entries.map((line) => {
        const [path = "", facts = ""] = line.split("\t");
        return [path, `${facts}${contents.get(path) ?? ""}`];
      }),
    );
  });
}

/** What is not compared, line by line. */
const unseen = [
  // The kernel's own views.
  ...["/proc", "/sys", "/dev"],
  // Written by the engine for each container, over whatever the image has.
  ...["/.dockerenv", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"],
  // Where apt's own user works: he alone may look inside, and leaves nothing.
  ...["/var/cache/apt/archives/partial", "/var/lib/apt/lists/partial"],
];
const isUnseen = `\\( ${unseen.map((path) => `-path ${path}`).join(" -o ")} \\)`;
