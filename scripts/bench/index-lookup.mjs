import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, run } from "./measure.mjs";

const program = fileURLToPath(new URL("index-lookup-process.mjs", import.meta.url));

/** Look-ups in the Debian index, each first one in a process of its own. */
export async function benchIndexLookup({ report, root }) {
  const answers = [];
  for (let round = 0; round < 9; round += 1) {
    answers.push(JSON.parse(await run(process.execPath, [program, join(root, "dist/index.js")])));
  }
  for (const kind of Object.keys(answers[0])) {
    const of = (unit) => median(answers.map((answer) => answer[kind][unit]));
    report(`first look-up of a ${kind} (ms)`, of("milliseconds"), 1, "under 20 ms");
    report(`look-up of a ${kind} after it (µs)`, of("microseconds"), 1, "under 10 µs");
  }
}
