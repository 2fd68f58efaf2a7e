import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Ended {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunSettings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What it finds on its standard input; nothing otherwise. */
  readonly input?: string | Uint8Array;
  /** The user and group it runs as; only root can choose. */
  readonly uid?: number;
  /** What else to do with the process while it runs. */
  readonly whileRunning?: (child: ReturnType<typeof spawn>) => void;
}

export type RunCli = (argv: readonly string[], settings?: RunSettings) => Promise<Ended>;

/**
 * The real command line for the tests of one file: compiled before them into a folder of its own, laid out as the
 * package is, and run as a child process with an empty home and no engine in its environment but what a test names.
 */
export function useBuiltCli(): {
  readonly run: RunCli;
  readonly dir: () => string;
  readonly main: () => string;
} {
  let dir = "";
  const main = () => join(dir, "package", "dist", "cli", "main.js");
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "skillcrate-e2e-"));
    layOutPackage(join(dir, "package"));
  }, 60_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));
  return {
    dir: () => dir,
    main,
    run: (argv, settings = {}) => runProcess([main(), ...argv], dir, settings),
  };
}

function layOutPackage(target: string): void {
  mkdirSync(target);
  const rolldown = join(root, "node_modules", ".bin", "rolldown");
  const options = ["--config", join(root, "rolldown.config.js"), "--dir", join(target, "dist")];
  execFileSync(rolldown, options, { cwd: root });
  copyFileSync(join(root, "package.json"), join(target, "package.json"));
  for (const name of ["data", "images", "skills", "scripts", "node_modules"]) {
    if (existsSync(join(root, name))) symlinkSync(join(root, name), join(target, name));
  }
}

function runProcess(argv: readonly string[], home: string, settings: RunSettings): Promise<Ended> {
  const child = spawn(process.execPath, argv, {
    cwd: settings.cwd ?? home,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      DOCKER_HOST: `unix://${home}/no-engine.sock`,
      ...settings.env,
    },
    ...(settings.uid === undefined ? {} : { uid: settings.uid, gid: settings.uid }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that does not read its input ends before all of it is written.
  child.stdin.on("error", () => {});
  child.stdin.end(settings.input);
  settings.whileRunning?.(child);
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}
