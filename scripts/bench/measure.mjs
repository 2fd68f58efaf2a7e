import { existsSync } from "node:fs";
import { execa } from "execa";

/**
 * Runs every side once per round, in turn, so that a machine whose speed drifts treats them alike.
 * Gives each side's median in seconds. The first round warms up and is not counted, unless `warmUp` is false.
 *
 * @param {Record<string, () => Promise<void> | void>} sides
 * @param {{ rounds: number, before?: () => Promise<void>, warmUp?: boolean }} options
 * @returns {Promise<Record<string, number>>}
 */
export async function measureInTurns(sides, { rounds, before = async () => {}, warmUp = true }) {
  const seconds = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    for (const [name, run] of Object.entries(sides)) {
      await before();
      const start = performance.now();
      await run();
      if (round > 0) seconds[name].push((performance.now() - start) / 1000);
    }
  }
  return Object.fromEntries(Object.entries(seconds).map(([name, values]) => [name, median(values)]));
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a command to its end; throws with its last words if it fails. Gives its standard output. */
export async function run(command, args, options = {}) {
  const { stdout } = await execa(command, args, { maxBuffer: 1 << 28, stdin: "ignore", ...options });
  return stdout;
}

/** Median seconds of a bare `node -e 0`: how fast this machine is right now. */
export async function calibrate() {
  const { bare } = await measureInTurns({ bare: () => run(process.execPath, ["-e", "0"]) }, { rounds: 7 });
  return bare;
}

/** A client with BuildKit built in, which the first one on PATH may lack. */
export const docker = existsSync("/usr/bin/docker") ? "/usr/bin/docker" : "docker";
