import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withPrograms, writePrograms } from "../support/fake-programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

const script = fileURLToPath(new URL("../../.ci/run", import.meta.url));

interface Steps {
  readonly ci?: string;
  readonly lint?: string;
  readonly types?: string;
  /** Shell lines; `$REPORT` is where the test runner's JSON goes. */
  readonly test?: string;
}

/** Runs the check with npm's part played by these lines. */
function check({ ci = "", lint = "", types = "", test = "" }: Steps) {
  const folder = tempFolder();
  mkdirSync(join(folder, ".ci"));
  cpSync(script, join(folder, ".ci/run"));
  const record = join(folder, "record");
  writeFileSync(record, "");
  const bin = writePrograms(folder, {
    npm: `
      echo "$* CI=$CI" >>"$RECORD"
      for argument; do case $argument in --outputFile.json=*) REPORT=\${argument#*=} ;; esac; done
      case "$*" in
        ci*) ${ci}
          : ;;
        *lint) ${lint}
          : ;;
        *types) ${types}
          : ;;
        test*) ${test}
          : ;;
      esac`,
    // As short as a test needs, where the check says minutes.
    timeout: 'shift; shift; exec /usr/bin/timeout --kill-after=1 2 "$@"',
  });
  const result = spawnSync("bash", [join(folder, ".ci/run")], {
    encoding: "utf8",
    cwd: "/",
    env: withPrograms(bin, { RECORD: record, CI: undefined }),
    timeout: 20_000,
  });
  const calls = readFileSync(record, "utf8").split("\n").slice(0, -1);
  return { code: result.status, lastLine: result.stdout.trimEnd().split("\n").at(-1), calls };
}

/** Shell lines that write a report as vitest's JSON reporter does. */
function report(passed: number, failed: number, unloadedFiles = 0): string {
  const tests = { status: failed > 0 ? "failed" : "passed", assertionResults: [{}] };
  const unloaded = { status: "failed", assertionResults: [] };
  const content = {
    numPassedTests: passed,
    numFailedTests: failed,
    testResults: [tests, ...Array.from({ length: unloadedFiles }, () => unloaded)],
  };
  return `echo '${JSON.stringify(content)}' >"$REPORT"`;
}

describe("the last line and the exit code", () => {
  it.each<[string, Steps, number, string]>([
    ["all is well", { test: report(40, 0) }, 0, "42 passed, 0 failed"],
    ["a test fails", { test: `${report(39, 1)}; exit 1` }, 1, "41 passed, 1 failed"],
    ["lint fails", { lint: "exit 1", test: report(40, 0) }, 1, "41 passed, 1 failed"],
    ["types fail", { types: "exit 2", test: report(40, 0) }, 1, "41 passed, 1 failed"],
    ["a test file cannot be loaded", { test: `${report(40, 0, 1)}; exit 1` }, 1, "42 passed, 1 failed"],
    ["the tests fail with none to blame", { test: `${report(40, 0)}; exit 1` }, 1, "42 passed, 1 failed"],
    ["the tests cannot start", { test: "exit 69" }, 1, "2 passed, 1 failed"],
    ["no test was run", { test: report(0, 0) }, 1, "2 passed, 1 failed"],
    ["a step hangs", { lint: "sleep 30", test: report(40, 0) }, 1, "41 passed, 1 failed"],
    [
      "a step hangs and hears no signal",
      { test: "trap '' TERM; sleep 30; sleep 30" },
      1,
      "2 passed, 1 failed",
    ],
    [
      "a process is left behind",
      { lint: "setsid sleep 60 &", test: report(40, 0) },
      0,
      "42 passed, 0 failed",
    ],
    ["nothing can be installed", { ci: "exit 1", test: report(40, 0) }, 1, "0 passed, 1 failed"],
  ])("where %s", (_case, steps, code, lastLine) => {
    expect(check(steps)).toMatchObject({ code, lastLine });
  });
});

it("asks for every step, as CI, from wherever it is called", () => {
  const { calls } = check({ test: report(1, 0) });
  expect(calls.map((call) => call.split(" --reporter")[0])).toEqual([
    "ci --ignore-scripts --no-progress CI=true",
    "run --silent lint CI=true",
    "run --silent types CI=true",
    "test --",
  ]);
});
