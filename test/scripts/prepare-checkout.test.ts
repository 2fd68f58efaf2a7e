import { execFile, spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { cloneScripts } from "../support/clone-scripts.ts";
import { withPrograms, writePrograms } from "../support/fake-programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Makes what the real ones make, and writes down how it was called. */
const npm = `
  echo "npm $*" >>"$RECORD"
  case "$*" in
    ci*) mkdir -p node_modules && touch node_modules/.package-lock.json ;;
    *build) mkdir -p dist/cli && echo 'console.log(JSON.stringify(process.argv.slice(2)))' >dist/cli/main.js && chmod +x dist/cli/main.js ;;
  esac`;

/** A clone, and its scripts run from elsewhere. */
function clone() {
  const folder = tempFolder();
  const root = cloneScripts(folder);
  const record = join(folder, "record");
  const bin = writePrograms(folder, { npm });
  function run(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    writeFileSync(record, "");
    const result = spawnSync("/bin/bash", [join(root, "scripts", script), ...args], {
      encoding: "utf8",
      cwd: folder,
      env: withPrograms(bin, { RECORD: record, ...env }),
    });
    const calls = readFileSync(record, "utf8").split("\n").slice(0, -1);
    return { code: result.status, stdout: result.stdout, said: result.stderr, calls };
  }
  async function runTwice() {
    const env = withPrograms(bin, { RECORD: record });
    const start = () =>
      promisify(execFile)("/bin/bash", [join(root, "scripts/prepare-checkout.sh")], { cwd: folder, env });
    const runs = await Promise.all([start(), start()]);
    return {
      calls: readFileSync(record, "utf8").split("\n").slice(0, -1),
      said: runs.map(({ stderr }) => stderr).join(""),
    };
  }
  return { root, bin, run, runTwice };
}

/** Sets a file's time to seconds from now. */
function setTime(file: string, seconds: number): void {
  const time = Date.now() / 1000 + seconds;
  utimesSync(file, time, time);
}

const installs = "npm ci --ignore-scripts --no-progress";
const compiles = "npm run --silent build";

describe("a clone", () => {
  it("gets dependencies and a build once", () => {
    const { run } = clone();
    expect(run("prepare-checkout.sh")).toMatchObject({ code: 0, stdout: "", calls: [installs, compiles] });
    expect(run("prepare-checkout.sh")).toMatchObject({ code: 0, calls: [] });
  });

  it("gets dependencies again when the lock is newer, and a build when a source is, or is gone", () => {
    const { root, run } = clone();
    writeFileSync(join(root, "src/a.ts"), "");
    run("prepare-checkout.sh");
    setTime(join(root, "package-lock.json"), 10);
    expect(run("prepare-checkout.sh").calls).toEqual([installs]);
    setTime(join(root, "package-lock.json"), -10);
    setTime(join(root, "src/a.ts"), 10);
    expect(run("prepare-checkout.sh").calls).toEqual([compiles]);
    setTime(join(root, "src/a.ts"), -10);
    setTime(join(root, "dist/cli/main.js"), -1);
    rmSync(join(root, "src/a.ts"));
    expect(run("prepare-checkout.sh").calls).toEqual([compiles]);
  });

  it("is built again where the build was stopped before its end", () => {
    const { root, run } = clone();
    run("prepare-checkout.sh");
    chmodSync(join(root, "dist/cli/main.js"), 0o644);
    expect(run("prepare-checkout.sh").calls).toEqual([compiles]);
  });

  it.runIf(process.platform === "linux")(
    "is prepared by one of two runs, for which the other waits",
    async () => {
      const { bin, runTwice } = clone();
      writePrograms(join(bin, ".."), { npm: `sleep 0.5\n${npm}` });
      const { calls, said } = await runTwice();
      expect(calls).toEqual([installs, compiles]);
      expect(said).toContain("Another run prepares this clone. Waiting for it.\n");
    },
  );

  it("asks for npm where there is none", () => {
    const { root, run } = clone();
    const bare = writePrograms(root, {
      dirname: 'exec /usr/bin/dirname "$@"',
      node: `exec ${process.execPath} "$@"`,
    });
    const { code, said } = run("prepare-checkout.sh", [], { PATH: bare });
    expect(said).toContain("Skillcrate needs npm and there is none on PATH.");
    expect(code).toBe(1);
  });

  it("tells where npm fails, and goes no further", () => {
    const { bin, run } = clone();
    writeFileSync(join(bin, "npm"), "#!/bin/bash\necho 'npm error: no network' >&2; exit 1\n");
    const { code, said, stdout } = run("setup.sh");
    expect(code).toBe(1);
    expect(said).toContain("npm error: no network");
    expect(stdout).toBe("");
  });
});

describe("an installed package", () => {
  it("needs neither", () => {
    const { root, run } = clone();
    run("prepare-checkout.sh");
    for (const name of ["src", "node_modules", "package-lock.json", "tsconfig.json", "tsconfig.build.json"]) {
      rmSync(join(root, name), { recursive: true });
    }
    expect(run("setup.sh", ["--json"])).toMatchObject({ code: 0, stdout: '["setup","--json"]\n', calls: [] });
  });
});

describe("Node", () => {
  const pretend = (version: string) =>
    `exec ${process.execPath} --require "$FAKE_VERSION" "$@"  # ${version}`;

  function runWithNode(version: string) {
    const { root, bin, run } = clone();
    const fake = join(root, "fake-version.cjs");
    const versions = { ...process.versions, node: version };
    writeFileSync(
      fake,
      `Object.defineProperty(process, "versions", { value: ${JSON.stringify(versions)} });
       Object.defineProperty(process, "version", { value: "v${version}" });`,
    );
    writePrograms(join(bin, ".."), { node: pretend(version) });
    return run("prepare-checkout.sh", [], { FAKE_VERSION: fake });
  }

  it.each(["18.20.4", "20.18.3"])("%s is too old, and that is said", (version) => {
    const { code, said, calls } = runWithNode(version);
    expect(code).toBe(1);
    expect(said).toContain(`Skillcrate needs Node.js 20.19 or newer; this is v${version} (`);
    expect(said).toContain("https://nodejs.org/en/download");
    expect(calls).toEqual([]);
  });

  it.each(["20.19.0", "22.0.0"])("%s is new enough", (version) => {
    expect(runWithNode(version).code).toBe(0);
  });

  it("is asked for where there is none", () => {
    const { root, run } = clone();
    const bare = writePrograms(root, { dirname: 'exec /usr/bin/dirname "$@"' });
    const { code, said } = run("prepare-checkout.sh", [], { PATH: bare });
    expect(said).toContain('there is no "node" on PATH');
    expect(code).toBe(1);
  });
});

describe("set-up scripts", () => {
  it.each([
    ["setup.sh", ["setup"]],
    ["sandbox-setup.sh", ["setup", "--only", "base"]],
    ["sandbox-common-setup.sh", ["setup", "--only", "common"]],
    ["sandbox-browser-setup.sh", ["setup", "--only", "browser"]],
  ])("%s hands its arguments on", (script, expected) => {
    const { run, root } = clone();
    const { code, stdout } = run(script, ["--prefix", "my own-"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([...expected, "--prefix", "my own-"]);
    expect(existsSync(join(root, "node_modules"))).toBe(true);
  });
});
