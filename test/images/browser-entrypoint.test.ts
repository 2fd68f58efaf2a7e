import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

const python = "/usr/bin/python3";
const entrypoint = fileURLToPath(new URL("../../images/browser/entrypoint.py", import.meta.url));
if (!existsSync(python)) console.info("browser-entrypoint: not run, since this system has no Python");

/** Says its name, writes what it was given to a file, and listens at the port named by an argument, if any. */
const program = `#!${python}
import os, re, signal, socket, sys, time
name = os.path.basename(sys.argv[0])
folder = os.environ["FAKE_FOLDER"]
def leave(number, frame):
    open(f"{folder}/{name}.stopped", "w").write(signal.Signals(number).name)
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
open(f"{folder}/{name}.args", "w").write("\\n".join(sys.argv[1:]))
open(f"{folder}/{name}.env", "w").write("\\n".join(sorted(os.environ)))
if os.path.exists(f"{folder}/{name}.dies"):
    sys.exit(3)
if name == "Xvfb":
    open(f"{os.environ['X_SOCKETS']}/X1", "w").close()
found = re.search(r"remote-debugging-port=(\\d+)|rfbport\\n(\\d+)|novnc\\n(\\d+)", "\\n".join(sys.argv))
if found:
    server = socket.create_server(("127.0.0.1", int(next(filter(None, found.groups())))))
open(f"{folder}/{name}.started", "w").close()
while True:
    if os.path.exists(f"{folder}/{name}.ends"):
        sys.exit(5)
    time.sleep(0.02)
`;

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

describe.runIf(existsSync(python))("the browser's entrypoint", () => {
  test("starts a screen, then the browser with its sandbox, and shares nothing without a password", async () => {
    const browser = await start({});
    await browser.says("DevTools protocol at 127.0.0.1:");
    expect(browser.file("Xvfb.args")).toContain("-nolisten\ntcp");
    const flags = browser.file("chromium.args");
    expect(flags).toContain(`--remote-debugging-port=${browser.port}`);
    expect(flags).toContain("--remote-debugging-address=127.0.0.1");
    expect(flags).not.toMatch(/no-sandbox|disable-web-security|headless/);
    expect(browser.file("chromium.env")).not.toContain("XDG_CONFIG_HOME");
    expect([browser.has("x11vnc.args"), browser.has("websockify.args")]).toEqual([false, false]);
  });

  test("hands TERM on to all, and ends with 143", async () => {
    const browser = await start({});
    await browser.says("DevTools protocol");
    browser.child.kill("SIGTERM");
    expect(await browser.exitCode).toBe(143);
    expect([browser.file("Xvfb.stopped"), browser.file("chromium.stopped")]).toEqual(["SIGTERM", "SIGTERM"]);
  });

  test("ends, stops the others and says why when a program ends", async () => {
    const browser = await start({});
    await browser.says("DevTools protocol");
    writeFileSync(join(browser.folder, "Xvfb.ends"), "");
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toContain("sandbox-browser: Xvfb ended with exit code 5");
    expect(browser.file("chromium.stopped")).toBe("SIGTERM");
  });

  test("says so when the browser does not even start", async () => {
    const browser = await start({}, ["chromium.dies"]);
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toContain("sandbox-browser: chromium ended with exit code 3");
  });

  test("headless: no screen; the older prefix counts too", async () => {
    const browser = await start({ CLAWDBOT_BROWSER_HEADLESS: "true" });
    await browser.says("DevTools protocol");
    expect(browser.has("Xvfb.args")).toBe(false);
    expect(browser.file("chromium.args")).toContain("--headless=new");
  });

  test("shares the screen with the password that it is given, as a file only", async () => {
    const password = join(tempFolder(), "password");
    writeFileSync(password, "hush-hush\n");
    const [vnc, web] = [await freePort(), await freePort()];
    const browser = await start({
      OPENCLAW_BROWSER_VNC_PASSWORD_FILE: password,
      OPENCLAW_BROWSER_VNC_PORT: String(vnc),
      OPENCLAW_BROWSER_NOVNC_PORT: String(web),
    });
    await browser.says(`noVNC at port ${web}`);
    expect(browser.file("x11vnc.args")).toContain(`-passwdfile\n${password}`);
    expect(browser.file("websockify.args")).toContain(`${web}\n127.0.0.1:${vnc}`);
    expect(browser.file("x11vnc.args") + browser.output()).not.toContain("hush-hush");
  });

  test.each<[string, Record<string, string>, string]>([
    ["a password file that is not there", { OPENCLAW_BROWSER_VNC_PASSWORD_FILE: "/nowhere" }, "cannot read"],
    ["an empty password", { OPENCLAW_BROWSER_VNC_PASSWORD_FILE: "/dev/null" }, "is empty"],
    [
      "a screen that is not there to share",
      { OPENCLAW_BROWSER_VNC_PASSWORD_FILE: "/x", OPENCLAW_BROWSER_HEADLESS: "1" },
      "no screen",
    ],
    ["a port that is none", { OPENCLAW_BROWSER_CDP_PORT: "80; id" }, "not a port"],
  ])("refuses %s", async (_, env, reason) => {
    const browser = await start(env);
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toContain(reason);
    expect(browser.has("x11vnc.args")).toBe(false);
  });
});

async function start(env: Readonly<Record<string, string>>, marks: readonly string[] = []) {
  const folder = tempFolder();
  const bin = join(folder, "bin");
  const sockets = join(folder, "sockets");
  for (const dir of [bin, sockets]) mkdirSync(dir);
  for (const name of ["Xvfb", "chromium", "x11vnc", "websockify"]) {
    writeFileSync(join(bin, name), program, { mode: 0o755 });
  }
  for (const mark of marks) writeFileSync(join(folder, mark), "");
  // The folders of a container, moved to where this test may write.
  const script = readFileSync(entrypoint, "utf8")
    .replace('"/tmp/sandbox-browser"', JSON.stringify(join(folder, "work")))
    .replace('"/tmp/.X11-unix"', JSON.stringify(sockets));
  const copy = join(folder, "entrypoint.py");
  writeFileSync(copy, script);
  const port = await freePort();
  const child = spawn(python, [copy], {
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      FAKE_FOLDER: folder,
      X_SOCKETS: sockets,
      XDG_CONFIG_HOME: "/read-only",
      OPENCLAW_BROWSER_CDP_PORT: String(port),
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  running.push(child);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const exitCode = new Promise<number | null>((done) => child.on("close", (code) => done(code)));
  return {
    child,
    port,
    folder,
    exitCode,
    output: () => output,
    file: (name: string) => readFileSync(join(folder, name), "utf8"),
    has: (name: string) => existsSync(join(folder, name)),
    says: (text: string) => expect.poll(() => output, { timeout: 20_000 }).toContain(text),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}
