import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

export interface InsideProcess {
  readonly hasEnded: () => boolean;
  /** Comes back when it has ended. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Network, mounts and processes of a test's own, joined with this machine by a pair of interfaces. */
export interface OwnNamespaces {
  /** The first three numbers of its network; `.1` is this machine, `.129/25` is free for a bridge inside. */
  readonly subnet: string;
  /** Runs a program inside. */
  spawn(command: readonly string[], log: number, env?: Readonly<Record<string, string>>): InsideProcess;
  /** Runs a shell command inside, to its end. */
  run(script: string): void;
  /** Ends every process inside; its mounts and interfaces go with the last one. */
  close(): Promise<void>;
}

/** Why there can be none here, or null. `programs` are those that are to run inside. */
export function namespacesObstacle(...programs: readonly string[]): string | null {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it takes root on Linux";
  const folders = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`.split(":");
  const missing = ["ip", "nsenter", "setpriv", "unshare", ...programs].filter(
    (name) => !folders.some((folder) => existsSync(join(folder, name))),
  );
  return missing.length === 0 ? null : `it takes ${missing.join(", ")}`;
}

/** An engine inside can neither delete this machine's bridges and firewall rules nor leave a mount or a process. */
export async function createNamespaces(): Promise<OwnNamespaces> {
  const id = randomInt(2 ** 16);
  const subnet = `10.${200 + (id % 50)}.${id >> 8}`;
  const outside = `sct${id}o`;
  const inside = `sct${id}i`;
  // Orphans inside are the first process's to bury, and a shell does that between two commands.
  const first = ["sh", "-c", "while sleep 0.1; do :; done"];
  const namespaces = ["--net", "--mount", "--pid"];
  // It ends with this process, however that one ends.
  const bound = ["--pdeathsig", "KILL", "unshare", ...namespaces, "--fork", "--mount-proc", "--kill-child"];
  const keeper = spawn("setpriv", [...bound, ...first], { stdio: "ignore" });
  const ended = once(keeper, "exit");
  const firstPid = await findChild(keeper);
  const enter = ["--target", firstPid, ...namespaces];
  const run = (script: string) => {
    execFileSync("nsenter", [...enter, "sh", "-ec", script]);
  };
  execFileSync("ip", ["link", "add", outside, "type", "veth", "peer", "name", inside, "netns", firstPid]);
  execFileSync("ip", ["addr", "add", `${subnet}.1/30`, "dev", outside]);
  execFileSync("ip", ["link", "set", outside, "up"]);
  run(
    `ip link set lo up; ip addr add ${subnet}.2/30 dev ${inside}; ip link set ${inside} up; ip route add default via ${subnet}.1`,
  );
  return {
    subnet,
    run,
    spawn: (command, log, env = {}) => {
      const nsenter = spawn("nsenter", [...enter, ...command], {
        stdio: ["ignore", log, log],
        env: { ...process.env, ...env },
      });
      const exited = once(nsenter, "exit");
      return {
        hasEnded: () => nsenter.exitCode !== null || nsenter.signalCode !== null,
        stop: async (signal) => {
          process.kill(Number(await findChild(nsenter)), signal);
          await exited;
        },
      };
    },
    close: async () => {
      keeper.kill("SIGKILL");
      await ended;
    },
  };
}

/** The id of the one child that `unshare` and `nsenter` have, as this machine counts. */
async function findChild({ pid }: ChildProcess): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
    if (children !== "") return children;
    await delay(20);
  }
  throw new Error("nothing was started in the namespaces");
}
