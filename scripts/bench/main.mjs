import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchBrowser } from "./browser.mjs";
import { benchCold } from "./cold.mjs";
import { benchEnvironment } from "./environment.mjs";
import { benchExec } from "./exec.mjs";
import { benchIndexLookup } from "./index-lookup.mjs";
import { calibrate } from "./measure.mjs";
import { benchMirror } from "./mirror.mjs";
import { benchMirrorScopes } from "./mirror-scopes.mjs";
import { benchMirrorUnchanged } from "./mirror-unchanged.mjs";
import { benchNoOp } from "./no-op.mjs";
import { benchPlanScale } from "./plan-scale.mjs";
import { benchSandbox } from "./sandbox.mjs";
import { benchSandboxScale } from "./sandbox-scale.mjs";
import { benchScan } from "./scan.mjs";
import { benchSize } from "./size.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const benches = {
  environment: benchEnvironment,
  exec: benchExec,
  sandbox: benchSandbox,
  "sandbox-scale": benchSandboxScale,
  browser: benchBrowser,
  mirror: benchMirror,
  "mirror-scopes": benchMirrorScopes,
  "mirror-unchanged": benchMirrorUnchanged,
  scan: benchScan,
  "plan-scale": benchPlanScale,
  "index-lookup": benchIndexLookup,
  "no-op": benchNoOp,
  size: benchSize,
  cold: benchCold,
};

const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `unknown benchmark ${unknown.join(", ")}: there are ${Object.keys(benches).join(", ")}\n`,
  );
  process.exit(2);
}
const names = wanted.length > 0 ? wanted : Object.keys(benches).filter((name) => name !== "cold");

process.stdout.write(`calibration: node -e 0 takes ${(await calibrate()).toFixed(3)} s\n`);
for (const name of names) {
  process.stdout.write(`\n${name}\n`);
  await benches[name]({ root, cli: join(root, "dist/cli/main.js"), report, options: process.argv.slice(2) });
}

function report(title, value, baseline, promise) {
  const ratio = (value / baseline).toFixed(2);
  process.stdout.write(
    `  ${title}: ${ratio} (${value.toFixed(3)} against ${baseline.toFixed(3)}; ${promise === undefined ? "no promise" : `promised: ${promise}`})\n`,
  );
}
