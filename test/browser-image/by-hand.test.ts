import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";
import { freePort, hasPython, startEntrypoint } from "./start-entrypoint.ts";

describe.runIf(hasPython)("the browser's entrypoint, by hand", () => {
  test("starts a screen, then the browser, and shares nothing without a password", async () => {
    const browser = await startEntrypoint();
    await browser.says("DevTools protocol at 127.0.0.1:");
    expect(browser.file("Xvfb.args")).toContain("-nolisten\ntcp");
    const flags = browser.file("chromium.args");
    expect(flags).toContain(`--remote-debugging-port=${browser.port}`);
    expect(flags).toContain("--remote-debugging-address=127.0.0.1");
    expect(flags).toMatch(/--proxy-server=http:\/\/127\.0\.0\.1:\d+\n--proxy-bypass-list=<-loopback>/);
    expect(flags).not.toMatch(/disable-web-security|headless|remote-allow-origins/);
    expect(browser.file("chromium.env")).not.toContain("XDG_CONFIG_HOME");
    expect([browser.has("x11vnc.args"), browser.has("websockify.args")]).toEqual([false, false]);
  });

  test("hands TERM on to all, and ends with 143", async () => {
    const browser = await startEntrypoint();
    await browser.says("DevTools protocol");
    browser.child.kill("SIGTERM");
    expect(await browser.exitCode).toBe(143);
    expect([browser.file("Xvfb.stopped"), browser.file("chromium.stopped")]).toEqual(["SIGTERM", "SIGTERM"]);
  });

  test("ends, stops the others and says why, last, when a program ends", async () => {
    const browser = await startEntrypoint();
    await browser.says("DevTools protocol");
    writeFileSync(join(browser.folder, "Xvfb.ends"), "");
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toMatch(
      /: Xvfb: a line of Xvfb\nsandbox-browser: Xvfb ended with exit code 5\n$/,
    );
    expect(browser.file("chromium.stopped")).toBe("SIGTERM");
  });

  test("shows the last words of a browser that does not even start, escaped", async () => {
    const browser = await startEntrypoint({ marks: ["chromium.dies"] });
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toContain("chromium: and its last words\\x1b[31m\n");
    expect(browser.output()).toMatch(/sandbox-browser: chromium ended with exit code 3\n$/);
  });

  test("says what there was when it is stopped before all answer", async () => {
    const browser = await startEntrypoint({ env: { SKILLCRATE_BROWSER_DOORS: "FOLDER/doors" } });
    await browser.writes("chromium.started");
    browser.child.kill("SIGTERM");
    expect(await browser.exitCode).toBe(143);
    expect(browser.output()).toContain("chromium: a line of chromium");
  });

  test("headless: no screen; the older prefix counts too", async () => {
    const browser = await startEntrypoint({ env: { CLAWDBOT_BROWSER_HEADLESS: "true" } });
    await browser.says("DevTools protocol");
    expect(browser.has("Xvfb.args")).toBe(false);
    expect(browser.file("chromium.args")).toContain("--headless=new");
  });

  test("shares the screen with whoever connects, and hands the password on by a pipe only", async () => {
    const file = join(tempFolder(), "password");
    writeFileSync(file, "hush-hush\n");
    const [vnc, web] = [await freePort(), await freePort()];
    const browser = await startEntrypoint({
      env: {
        OPENCLAW_BROWSER_VNC_PASSWORD_FILE: file,
        OPENCLAW_BROWSER_VNC_PORT: String(vnc),
        OPENCLAW_BROWSER_NOVNC_PORT: String(web),
      },
    });
    await browser.says(`noVNC at port ${web}`);
    expect([browser.has("x11vnc.args"), browser.has("websockify.args")]).toEqual([false, false]);
    // The fake program hangs up.
    const viewer = connect(vnc, "127.0.0.1").on("error", () => {});
    await new Promise((done) => viewer.once("data", done));
    viewer.end("x");
    expect(browser.file("x11vnc.args")).toMatch(/-inetd\n-passwdfile\n\/proc\/self\/fd\/\d+\n/);
    expect(browser.file("x11vnc.password")).toBe("hush-hush\n");
    const page = connect(web, "127.0.0.1");
    await browser.writes("websockify.inherits");
    page.destroy();
    expect(browser.file("websockify.inherits")).toBe("127.0.0.1");
    expect(browser.file("x11vnc.args") + browser.output()).not.toContain("hush-hush");
  });

  test("takes /tmp where /dev/shm is too small, and says so", async () => {
    const browser = await startEntrypoint({
      prepare: (folder) =>
        writeFileSync(
          join(folder, "code", "sitecustomize.py"),
          "import os\nos.statvfs = lambda path: type('S', (), {'f_bavail': 64, 'f_frsize': 2**20})\n",
        ),
    });
    await browser.says("64 MiB free of the 128 that pages need");
    await browser.says("DevTools protocol");
    expect(browser.file("chromium.args")).toContain("--disable-dev-shm-usage");
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
    ["an address that is none", { SKILLCRATE_BROWSER_LISTEN: "everywhere" }, "not an address"],
    ["networks that are none", { SKILLCRATE_BROWSER_CDP_SOURCES: "10.0.0.0/8,x" }, "not networks"],
    ["hosts that are none", { SKILLCRATE_BROWSER_HOSTS: "a,b c" }, "not the name of a host"],
  ])("refuses %s", async (_, env, reason) => {
    const browser = await startEntrypoint({ env });
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toContain(reason);
    expect(browser.output()).not.toContain("Traceback");
    expect(browser.has("x11vnc.args")).toBe(false);
  });
});
