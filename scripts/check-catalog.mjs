#!/usr/bin/env node
// Holds the catalog's Debian rows against reality: installs their packages in a Debian container, looks every command up
// as a plain user would, and runs it for its version. Prints what does not hold, and ends with 1 if anything does not.
//
//   node scripts/check-catalog.mjs IMAGE [PACKAGE...]
//
// IMAGE is a Debian bookworm image on the local engine. Needs Node 22.18 or later, which reads TypeScript, and a network.

import { spawnSync } from "node:child_process";
import { catalogRows } from "../src/recipe/catalog/find-rows.ts";

const batchSize = 25;
const [image, ...only] = process.argv.slice(2);
if (image === undefined) {
  console.error("usage: node scripts/check-catalog.mjs IMAGE [PACKAGE...]");
  process.exit(2);
}

const rows = catalogRows.filter(
  ({ answer }) => answer.kind === "apt" && (only.length === 0 || only.includes(answer.package)),
);
let problems = 0;
for (let start = 0; start < rows.length; start += batchSize) {
  const batch = rows.slice(start, start + batchSize);
  for (const problem of check(batch)) {
    console.log(problem);
    problems += 1;
  }
  console.error(`${Math.min(start + batchSize, rows.length)} of ${rows.length} rows`);
}
process.exit(problems > 0 ? 1 : 0);

/** One container for several rows; where they do not install together, one for each. */
function check(batch) {
  const run = spawnSync("docker", ["run", "--rm", "-i", "--user", "0", image, "bash", "-s"], {
    encoding: "utf8",
    input: script(batch),
    maxBuffer: 1 << 28,
  });
  if (run.status === 0) return run.stdout.split("\n").filter((line) => line !== "");
  if (batch.length > 1) return batch.flatMap((row) => check([row]));
  return [`${batch[0].answer.package}: does not install: ${run.stderr.trim().split("\n").at(-1)}`];
}

function script(batch) {
  const packages = batch.flatMap(({ answer }) => [answer.package, ...(answer.with ?? [])]);
  const checks = batch.flatMap(({ bins, answer, versionArgs }) =>
    bins.map((bin) => {
      const link = answer.links?.[bin];
      const make = link === undefined ? "" : `ln -sf ${link} /usr/local/bin/${bin}; `;
      return `${make}look ${answer.package} ${bin} ${(versionArgs?.[bin] ?? []).join(" ")}`;
    }),
  );
  return `
set -eu
exec 3>&1 1>&2
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends ${packages.join(" ")} >/dev/null
plain() { setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/tmp LANG=C.UTF-8 "$@"; }
shows() { text=$(plain timeout 20 "$@" </dev/null 2>&1) && printf '%s' "$text" | grep -qE '[0-9]+\\.[0-9]+|[Uu]sage|[0-9]{4}'; }
look() {
  package=$1 bin=$2; shift 2
  if ! plain sh -c "command -v $bin" >/dev/null; then echo "$package: no command $bin" >&3; return; fi
  if [ $# -gt 0 ]; then shows "$bin" "$@" || echo "$package: $bin $* shows no version" >&3; return; fi
  if shows "$bin" --version; then return; fi
  for arguments in -version -V version -v --help -h -help; do
    if shows "$bin" "$arguments"; then echo "$package: $bin wants $arguments" >&3; return; fi
  done
  echo "$package: $bin shows no version" >&3
}
cd /tmp
${checks.join("\n")}
`;
}
