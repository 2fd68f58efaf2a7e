import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";

export interface Attacker {
  /** Ends it; gives how often it exchanged a pair. */
  stop(): Promise<number>;
}

/**
 * A program that exchanges each pair of paths with each other, in a loop, as fast as it can: in one step, with
 * renameat2(2), where a C compiler is at hand; else by three renames. After every 5,001 turns it rests for 60 ms, once in
 * the one state and once in the other, so that whoever waits for quiet is lured. Ends with the test.
 */
export function exchangePaths(dir: string, pairs: readonly (readonly [string, string])[]): Attacker {
  const child = start(dir, pairs.flat());
  onTestFinished(() => void child.kill("SIGKILL"));
  const closed = once(child, "close");
  let stdout = "";
  child.stdout?.on("data", (chunk) => {
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

function start(dir: string, paths: readonly string[]): ChildProcess {
  const stdio = ["pipe", "pipe", "inherit"] as const;
  const program = join(dir, "exchange");
  writeFileSync(`${program}.c`, oneStep);
  const compiler = spawnSync("cc", ["-O1", "-o", program, `${program}.c`]);
  // No compiler, no headers, or no Linux.
  if (compiler.status !== 0)
    return spawn(process.execPath, ["-e", threeRenames, ...paths], { stdio: [...stdio] });
  return spawn(program, paths, { stdio: [...stdio] });
}

const oneStep = `
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile sig_atomic_t stopped = 0;
static void stop(int signal) { stopped = signal; }

int main(int count, char **paths) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGTERM, stop);
  unsigned long exchanged = 0;
  for (unsigned long turn = 1; !stopped; turn++) {
    if (turn % 5001 == 0) usleep(60000);
    for (int i = 1; i + 1 < count; i += 2) {
      /* RENAME_EXCHANGE */
      if (syscall(SYS_renameat2, AT_FDCWD, paths[i], AT_FDCWD, paths[i + 1], 2) == 0) exchanged++;
    }
  }
  printf("%lu\\n", exchanged);
  return 0;
}
`;

const threeRenames = `
const { renameSync } = require("node:fs");
const paths = process.argv.slice(1);
let exchanged = 0;
let turns = 0;
let stopped = false;
process.on("SIGTERM", () => { stopped = true; });
process.stdin.on("end", () => process.exit()).resume();
function turn() {
  for (let index = 0; index + 1 < paths.length; index += 2) {
    const [one, other] = [paths[index], paths[index + 1]];
    try {
      renameSync(one, one + "-aside");
      renameSync(other, one);
      renameSync(one + "-aside", other);
      exchanged += 1;
    } catch {}
  }
  turns += 1;
  if (stopped) process.stdout.write(exchanged + "\\n", () => process.exit());
  else if (turns % 5001 === 0) setTimeout(turn, 60);
  else setImmediate(turn);
}
turn();
`;
