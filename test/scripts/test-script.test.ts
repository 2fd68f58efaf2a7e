import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cloneScripts } from "../support/clone-scripts.ts";
import { writePrograms } from "../support/fake-programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

const testedPrograms = [
  "buildah",
  "docker-registry",
  "git",
  "ip",
  "mmdebstrap",
  "newuidmap",
  "openssl",
  "podman",
  "python3",
  "runsc",
  "shellcheck",
];

interface Machine {
  readonly args?: readonly string[];
  readonly engine?: boolean;
  /** Programs for tests that are not there. */
  readonly missing?: readonly string[];
  readonly uid?: number;
  readonly ci?: boolean;
}

/** `npm test` in a prepared clone on a machine where nothing else can be found than what is named here. */
function test({ args = [], engine = true, missing = [], uid = 1000, ci = false }: Machine) {
  const folder = tempFolder();
  const root = cloneScripts(folder);
  const record = join(folder, "record");
  writeFileSync(record, "");
  const there = testedPrograms.filter((name) => !missing.includes(name));
  const bin = writePrograms(folder, {
    ...Object.fromEntries(there.map((name) => [name, ""])),
    id: `echo ${uid}`,
    npm: "mkdir -p node_modules && touch node_modules/.package-lock.json",
    npx: 'echo "npx $*" >>"$RECORD"',
    "apt-get": `echo "apt-get $*" >>"$RECORD"
      case "$*" in *install*) for name in ${missing.join(" ")}; do touch "$BIN/$name"; chmod +x "$BIN/$name"; done ;; esac`,
  });
  for (const name of ["bash", "dirname", "find", "touch", "mkdir", "chmod", "sed", "tail", "tr", "uname"]) {
    symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(bin, name));
  }
  symlinkSync(process.execPath, join(bin, "node"));
  mkdirSync(join(root, "dist/cli"), { recursive: true });
  writeFileSync(join(root, "dist/cli/main.js"), "", { mode: 0o755 });
  const info = { product: "docker", version: "1", strategy: "here" };
  writeFileSync(
    join(root, "dist/index.js"),
    engine
      ? `export const connectEngine = async () => ({ info: ${JSON.stringify(info)} });`
      : 'export const connectEngine = async () => { throw new Error("no engine was found"); };',
  );
  const result = spawnSync("/bin/bash", [join(root, "scripts/test.sh"), ...args], {
    encoding: "utf8",
    env: {
      PATH: bin,
      RECORD: record,
      BIN: bin,
      DOCKER_HOST: "unix:///nonexistent",
      ...(ci ? { CI: "true" } : {}),
    },
  });
  const calls = readFileSync(record, "utf8").split("\n").slice(0, -1);
  return { code: result.status, said: result.stderr, calls };
}

describe("npm test", () => {
  it("runs every project, with the arguments it was given", () => {
    const { code, calls, said } = test({ args: ["--reporter=json", "a file"] });
    expect(code, said).toBe(0);
    expect(calls).toEqual(["npx --no-install vitest run --reporter=json a file"]);
    expect(said).toContain("Engine: docker 1 at here");
  });

  it.each([[["--project", "unit"]], [["--project=unit"]]])("asks for nothing with %j", (args) => {
    const { code, calls, said } = test({ args, engine: false, missing: ["podman"], ci: true });
    expect(code, said).toBe(0);
    expect(calls).toEqual([`npx --no-install vitest run ${args.join(" ")}`]);
    expect(said).not.toContain("engine");
  });

  it("installs the packages that tests need, as root", () => {
    const { code, calls } = test({ missing: ["newuidmap", "podman"], uid: 0, ci: true });
    expect(code).toBe(0);
    expect(calls[1]).toMatch(/ install .* uidmap podman$/);
    expect(calls.at(-1)).toBe("npx --no-install vitest run");
  });

  it("installs what unit tests need for them alone, too", () => {
    const args = ["--project", "unit"];
    const { code, calls } = test({ args, missing: ["git", "podman", "python3"], uid: 0, engine: false });
    expect(code).toBe(0);
    expect(calls[1]).toMatch(/ install .* git python3$/);
    expect(calls.slice(2)).toEqual(["npx --no-install vitest run --project unit"]);
  });

  it("ends with 69 and what to type without what no run goes without", () => {
    const { code, said, calls } = test({ args: ["--project", "unit"], missing: ["openssl", "shellcheck"] });
    expect(said).toContain("sudo apt-get install -y openssl\n");
    expect(code).toBe(69);
    expect(calls).toEqual([]);
  });

  it("says in one line what is left out without them", () => {
    const { code, said, calls } = test({ missing: ["buildah", "podman"] });
    expect(code).toBe(0);
    expect(said).toContain("Left out: the tests that need buildah podman, which cannot be installed here.\n");
    expect(calls).toEqual(["npx --no-install vitest run"]);
  });

  it("leaves the tests with an engine out where there is none", () => {
    const { code, said, calls } = test({ engine: false });
    expect(code).toBe(0);
    expect(said).toContain("Left out: the tests with a real engine");
    expect(calls).toEqual(["npx --no-install vitest run --project !docker"]);
  });

  it.each([{ engine: false }, { missing: ["podman"] }])(
    "fails in CI where it would leave out: %j",
    (lack) => {
      const { code, said, calls } = test({ ...lack, ci: true });
      expect(code).toBe(1);
      expect(said).toContain("With CI=true that is a failure.");
      expect(calls).toEqual([]);
    },
  );
});
