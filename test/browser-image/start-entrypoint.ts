import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

export const python = "/usr/bin/python3";
export const sources = fileURLToPath(new URL("../../images/browser", import.meta.url));
const fakeProgram = fileURLToPath(new URL("fake-program.py", import.meta.url));

/** The entrypoint is Python, and runs where Debian's is. */
export const hasPython = existsSync(python);
if (!hasPython) console.info("the browser's programs are not tested: this system has no Python");

export interface StartSettings {
  /** Variables; `FOLDER` in a value is the folder below. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files that tell a fake program what to do: `chromium.dies`, `Xvfb.ends`. */
  readonly marks?: readonly string[];
  /** Called with the folder that stands for the container's root, before anything starts. */
  readonly prepare?: (folder: string) => void;
}

/** The real entrypoint with fake programs, in a folder that stands for the container's `/tmp`, `/browser` and `/dev/shm`. */
export async function startEntrypoint({ env = {}, marks = [], prepare = () => {} }: StartSettings = {}) {
  const folder = tempFolder();
  const folders = { bin: "bin", code: "code", doors: "doors", sockets: "sockets", browser: "browser" };
  for (const name of Object.values(folders)) mkdirSync(join(folder, name));
  mkdirSync(join(folder, "browser", "secrets"));
  for (const name of ["Xvfb", "chromium", "x11vnc", "websockify"]) {
    writeFileSync(join(folder, "bin", name), readFileSync(fakeProgram), { mode: 0o755 });
  }
  for (const mark of marks) writeFileSync(join(folder, mark), "");
  copyProgram(folder);
  prepare(folder);
  const port = await freePort();
  const child = spawn(python, ["-B", join(folder, "code", "entrypoint.py")], {
    env: {
      PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
      PYTHONPATH: join(folder, "code"),
      FAKE_FOLDER: folder,
      X_SOCKETS: join(folder, "sockets"),
      XDG_CONFIG_HOME: "/read-only",
      OPENCLAW_BROWSER_CDP_PORT: String(port),
      // Whether this host lets Chromium make its sandbox is not what these tests are about.
      OPENCLAW_BROWSER_UNSANDBOXED: "1",
      ...Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value.replace("FOLDER", folder)]),
      ),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const exitCode = new Promise<number | null>((done) => child.on("close", (code) => done(code)));
  return {
    child,
    folder,
    port,
    exitCode,
    output: () => output,
    file: (name: string) => readFileSync(join(folder, name), "utf8"),
    has: (name: string) => existsSync(join(folder, name)),
    says: (text: string) => expect.poll(() => output, { timeout: 20_000 }).toContain(text),
    writes: (name: string) =>
      expect.poll(() => existsSync(join(folder, name)), { timeout: 20_000 }).toBe(true),
  };
}

export const token = "a-token-of-forty-three-letters-and-numbers1";
export const password = "hush-hus";

/** With doors, and its secrets at hand from the start. */
export function startWithDoors({ env = {}, prepare = () => {}, ...rest }: StartSettings = {}) {
  return startEntrypoint({
    ...rest,
    env: { SKILLCRATE_BROWSER_DOORS: "FOLDER/doors", ...env },
    prepare: (folder) => {
      writeSecrets(folder, { cdpToken: token, vncPassword: password });
      prepare(folder);
    },
  });
}

export function writeSecrets(folder: string, secrets: unknown): void {
  writeFileSync(join(folder, "browser", "secrets", "secrets.json"), JSON.stringify(secrets));
}

/** The folders of a container, moved to where a test may write. */
function copyProgram(folder: string): void {
  const code = join(folder, "code");
  for (const name of readdirSync(sources))
    if (name.endsWith(".py")) copyFileSync(join(sources, name), join(code, name));
  replaceIn(join(code, "settings.py"), {
    '"/tmp/sandbox-browser"': join(folder, "work"),
    '"/browser"': join(folder, "browser"),
    '"/tmp/.X11-unix"': join(folder, "sockets"),
  });
  replaceIn(join(code, "chromium.py"), { '"/usr/lib/chromium/chromium"': "chromium" });
}

function replaceIn(path: string, places: Readonly<Record<string, string>>): void {
  let text = readFileSync(path, "utf8");
  for (const [from, to] of Object.entries(places)) {
    expect(text).toContain(from);
    text = text.replace(from, () => JSON.stringify(to));
  }
  writeFileSync(path, text);
}

/**
 * None of those that the system gives to connections on their way out: whoever asks such a port again and again, until
 * somebody listens there, is connected with itself once in a while.
 */
export async function freePort(): Promise<number> {
  const port = 10_000 + randomInt(20_000);
  const server = createServer();
  const isFree = await new Promise<boolean>((done) => {
    server.once("error", () => done(false)).listen(port, "127.0.0.1", () => done(true));
  });
  server.close();
  return isFree ? port : await freePort();
}
