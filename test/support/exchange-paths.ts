import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";

export interface Attacker {
  /** Ends it; gives how often it exchanged a pair. */
  stop(): Promise<number>;
}

/**
 * A program that exchanges each pair of paths with each other, in one step, in a loop, as fast as it can. After every
 * 5,001 turns it rests for 60 ms, once in the one state and once in the other, so that whoever waits for quiet is lured.
 * Ends with the test. Linux only.
 */
export function exchangePaths(pairs: readonly (readonly [string, string])[]): Attacker {
  const child = spawn("python3", ["-c", program, ...pairs.flat()], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const closed = once(child, "close");
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  return {
    stop: async () => {
      child.kill("SIGTERM");
      await closed;
      if (!/^\d+\n$/.test(stdout)) throw new Error("the attacker did not come through");
      return Number(stdout);
    },
  };
}

const program = `
import ctypes, os, signal, sys, time

PR_SET_PDEATHSIG, AT_FDCWD, RENAME_EXCHANGE = 1, -100, 2
libc = ctypes.CDLL(None)
libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
stopped = False

def stop(*_):
    global stopped
    stopped = True

signal.signal(signal.SIGTERM, stop)
paths = [os.fsencode(path) for path in sys.argv[1:]]
pairs = list(zip(paths[::2], paths[1::2]))
exchanged = turn = 0
while not stopped:
    turn += 1
    if turn % 5001 == 0:
        time.sleep(0.06)
    for one, other in pairs:
        exchanged += libc.renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0
print(exchanged)
`;
