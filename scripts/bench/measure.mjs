import { spawnSync } from "node:child_process";

/**
 * Runs every side once per round, in turn, so that a machine whose speed drifts treats them alike.
 * Gives each side's median in seconds. The first round warms up and is not counted.
 *
 * @param {Record<string, () => Promise<void> | void>} sides
 * @param {{ rounds: number, before?: () => void }} options
 * @returns {Promise<Record<string, number>>}
 */
export async function measureInTurns(sides, { rounds, before = () => {} }) {
  const seconds = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(sides)) {
      before();
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
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(
      `${command} ${args.join(" ")} ended with ${result.status}:\n${result.stderr.slice(-2000)}`,
    );
  }
  return result.stdout;
}

/** Median seconds of a bare `node -e 0`: how fast this machine is right now. */
export function calibrate() {
  const values = Array.from({ length: 7 }, () => {
    const start = performance.now();
    run(process.execPath, ["-e", "0"]);
    return (performance.now() - start) / 1000;
  });
  return median(values);
}
