import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { createNamespaces, type InsideProcess } from "./own-namespaces.ts";

/** A Docker daemon of a test's own, which may be ended and started again. */
export interface SecondDaemon {
  /** For DOCKER_HOST. */
  readonly host: string;
  readonly client: Docker;
  /** Comes back when it answers. */
  start(): Promise<void>;
  /** Comes back when it has ended. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Takes an image over from this machine's own engine. */
  load(reference: string): Promise<void>;
  /** Ends everything that it ever started, and removes its data. */
  close(): Promise<void>;
}

/** `settings`: of its daemon.json. `runner`: what runs it, such as `["prlimit", "--nofile=2048:2048"]`. */
export async function createSecondDaemon(
  settings: object = {},
  runner: readonly string[] = [],
): Promise<SecondDaemon> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-daemon-"));
  const namespaces = await createNamespaces();
  const socket = join(folder, "docker.sock");
  const cgroup = basename(folder);
  const client = new Docker({ socketPath: socket });
  writeFileSync(join(folder, "daemon.json"), JSON.stringify(settings));
  const command = [
    runner,
    [
      "dockerd",
      "--config-file",
      join(folder, "daemon.json"),
      "--pidfile",
      join(folder, "docker.pid"),
      "-H",
      `unix://${socket}`,
    ],
    ["--data-root", join(folder, "data"), "--exec-root", join(folder, "exec")],
    ["--bip", `${namespaces.subnet}.129/25`, "--cgroup-parent", `/${cgroup}`],
    ["--exec-opt", "native.cgroupdriver=cgroupfs"],
  ].flat();
  let daemon: InsideProcess | null = null;

  async function start(): Promise<void> {
    const log = openSync(join(folder, "log"), "a");
    daemon = namespaces.spawn(command, log);
    closeSync(log);
    for (let attempt = 0; attempt < 600 && !daemon.hasEnded(); attempt += 1) {
      if (await answers(client)) return;
      await delay(100);
    }
    throw new Error(`the second daemon does not start:\n${readFileSync(join(folder, "log"), "utf8")}`);
  }

  async function stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    await daemon?.stop(signal);
  }

  async function load(reference: string): Promise<void> {
    const loading = await client.loadImage(await new Docker().getImage(reference).get());
    await new Promise((resolve, reject) => loading.on("end", resolve).on("error", reject).resume());
  }

  async function close(): Promise<void> {
    await namespaces.close();
    removeCgroups(cgroup);
    rmSync(folder, { recursive: true, force: true });
  }
  return { host: `unix://${socket}`, client, start, stop, load, close };
}

async function answers(client: Docker): Promise<boolean> {
  try {
    await client.ping();
    return true;
  } catch {
    // Not yet.
    return false;
  }
}

/** Folders of control groups that killed containers left behind; one with a process in it refuses. */
function removeCgroups(name: string): void {
  const find = `find /sys/fs/cgroup -depth -type d -path '*/${name}*' -exec rmdir {} +`;
  execFileSync("sh", ["-c", `${find} 2>/dev/null || true`]);
}
