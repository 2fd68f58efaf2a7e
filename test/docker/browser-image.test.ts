import { createCipheriv, randomInt } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import {
  type BrowserContainer,
  type BrowserContainerSettings,
  cdpToken,
  createBrowserContainers,
  vncPassword,
} from "../support/browser-container.ts";
import { obtainBrowserImage } from "../support/browser-image.ts";
import { askCdp, openPage } from "../support/cdp-session.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { testLabel } from "../support/test-run.ts";

const docker = new Docker();
const mebibyte = 2 ** 20;
const headless = { OPENCLAW_BROWSER_HEADLESS: "1" };
let engine: Engine;
let image: string;
let containers: ReturnType<typeof createBrowserContainers>;

beforeAll(async () => {
  engine = await connectTestEngine();
  image = await obtainBrowserImage();
  containers = createBrowserContainers(engine, docker, image);
});

afterAll(() => containers?.close());

describe.each([
  { kind: "headed", env: {} },
  { kind: "headless", env: headless },
])("a $kind browser", ({ kind, env }) => {
  let browser: BrowserContainer;

  beforeAll(async () => {
    browser = await containers.start({ env });
  });

  afterAll(() => engine.containers.remove(browser.id));

  test("tells when all answers", async () => {
    expect(await browser.state()).toMatchObject({ headless: kind === "headless", sandboxed: true });
    expect(await browser.run("/usr/local/bin/sandbox-browser-health")).toMatchObject({ exitCode: 0 });
    const { Config } = await browser.container.inspect();
    expect(Config.Healthcheck?.Test).toEqual(["CMD", "/usr/local/bin/sandbox-browser-health"]);
  });

  test("lets in who has the token, by a name of this machine, and nobody else", async () => {
    const { socketPath, headers } = browser.door;
    const status = async (path: string, given: Record<string, string>) =>
      (await askCdp({ socketPath, headers: given }, path)).status;
    expect(await status("/json/version", headers)).toBe(200);
    expect(await status(`/${cdpToken}/json/version`, { Host: "127.0.0.1:1" })).toBe(200);
    expect(await status("/json/version", { Host: "localhost" })).toBe(401);
    expect(await status("/json/version", { ...headers, Authorization: `Bearer ${cdpToken}x` })).toBe(401);
    expect(await status("/json/version", { ...headers, Host: "browser.example" })).toBe(403);
    expect(await status("/json/version", { ...headers, Origin: "http://localhost" })).toBe(403);
  });

  test("keeps Chromium's own sandbox", async () => {
    const page = await openPage(browser.door, "chrome://sandbox");
    const text = String(await page.evaluate("document.body.innerText"));
    page.close();
    expect(text).toMatch(/Layer 1 Sandbox\tNamespace\n/);
    expect(text).toMatch(/PID namespaces\tYes\nNetwork namespaces\tYes\nSeccomp-BPF sandbox\tYes\n/);
    expect(text).toContain("You are adequately sandboxed.");
  });

  test("has pages that reach nothing, its own loopback addresses neither", async () => {
    const page = await openPage(browser.door, "data:text/html,hello");
    for (const host of ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1.2.3", "example.com"]) {
      const { text, socket } = Object(await page.evaluate(attack(host)));
      // What answers is the relay, which a page may not read: an opaque answer without a status.
      expect([host, text]).toEqual([host, "unread"]);
      expect([host, socket]).toEqual([host, "error"]);
    }
    await page.call("Page.navigate", { url: "http://127.0.0.1:9222/json/list" });
    await expect
      .poll(() => page.evaluate("document.body.innerText"))
      .toContain("this browser has no network");
    page.close();
  });

  test("has pages that send nothing past the proxy by WebRTC", async () => {
    const heard = browser.run("python3", "-c", listenProgram);
    const page = await openPage(browser.door, "data:text/html,hello");
    await page.evaluate(callByWebRtc);
    page.close();
    expect((await heard).stdout).toBe("listening\nheard nothing\n");
  });

  test("shows its secrets nowhere", async () => {
    const { stdout } = await browser.run("sh", "-c", everythingReadable);
    expect(stdout).toContain("--user-data-dir=/browser/profile");
    const { body } = await askCdp(browser.door, "/json/version");
    const seen = [stdout, body, JSON.stringify(await browser.container.inspect()), await browser.logs()];
    for (const text of seen) {
      expect(text).not.toContain(cdpToken);
      expect(text).not.toContain(vncPassword);
    }
  });
});

test("fonts: Latin, Chinese, Japanese, Korean and emoji are drawn, each as itself", async () => {
  const browser = await start({ env: headless });
  await browser.state();
  const page = await openPage(browser.door, "data:text/html,<canvas width=100 height=100></canvas>");
  const drawn = Object(
    await page.evaluate(drawTexts(["\u{10ffff}", "A", "é", "漢", "あ", "한", "😀", "👍"])),
  );
  page.close();
  const missing = drawn["\u{10ffff}"];
  const pictures = Object.values<{ ink: number; colors: number; hash: number }>(drawn);
  expect(new Set(pictures.map(({ hash }) => hash)).size).toBe(8);
  for (const { ink } of pictures) expect(ink).toBeGreaterThan(50);
  expect(missing.colors).toBe(0);
  for (const emoji of ["😀", "👍"]) expect(drawn[emoji].colors).toBeGreaterThan(500);
  expect(drawn["漢"].colors).toBe(0);
});

test("a download lands in the folder for downloads", async () => {
  const browser = await start({ env: headless });
  await browser.state();
  const page = await openPage(browser.door, "data:text/html,<a>here</a>");
  await page.evaluate(downloadOf("got.bin", 100_000_000));
  await expect
    .poll(() => readdirSync(join(browser.folder, "downloads")), { timeout: 30_000 })
    .toEqual(["got.bin"]);
  expect(await page.evaluate("1 + 1")).toBe(2);
  page.close();
});

describe("watching", () => {
  test("VNC takes the password, and no other", async () => {
    const browser = await start();
    await browser.state();
    const door = join(browser.folder, "doors", "vnc.sock");
    expect(await logIn(door, vncPassword)).toBe(0);
    expect(await logIn(door, "canary-9")).toBe(1);
  });

  test("noVNC's files come with the same screen, over a WebSocket", async () => {
    const browser = await start();
    await browser.state();
    const door = { socketPath: join(browser.folder, "doors", "novnc.sock"), headers: { Host: "localhost" } };
    const { status, body } = await askCdp(door, "/vnc.html");
    expect([status, body.includes("noVNC")]).toEqual([200, true]);
    const socket = await upgradeTo(door.socketPath);
    const [frame] = await take(socket, 14);
    expect(frame?.subarray(2).toString("latin1")).toBe("RFB 003.008\n");
    socket.destroy();
  });
});

describe("the end of a browser", () => {
  test.each([
    ["chromium", "chromium was killed by SIGKILL"],
    ["Xvfb", "Xvfb was killed by SIGKILL"],
  ])("comes with %s's, and the log's last line says so", async (program, reason) => {
    const browser = await start();
    await browser.state();
    await browser.run("sh", "-c", kill, program);
    expect(await browser.ended()).toBe(1);
    expect(await browser.logs()).toMatch(new RegExp(`sandbox-browser: ${reason}\n$`));
  });

  test("comes soon after TERM, and its profile is taken up again", async () => {
    const browser = await start();
    await browser.state();
    const startedMs = performance.now();
    await browser.container.stop({ t: 20 });
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    expect(await browser.ended()).toBe(143);
    expect(existsSync(join(browser.folder, "profile", "SingletonLock"))).toBe(false);
  });

  test("by a kill leaves locks, which the next one clears", async () => {
    const browser = await start({ env: headless });
    await browser.state();
    const second = await start({ env: headless, folder: browser.folder });
    expect(await second.ended()).toBe(1);
    expect(await second.logs()).toContain("another browser uses the profile /browser/profile\n");
    await browser.container.kill();
    await browser.ended();
    const third = await start({ env: headless, folder: browser.folder });
    expect(await third.state()).not.toBeNull();
    expect(await third.logs()).toContain("removed SingletonLock");
    expect((await askCdp(third.door, "/json/version")).status).toBe(200);
  });
});

describe("a place that is too narrow", () => {
  test("without user namespaces Chromium does not start, unless somebody says so by name", async () => {
    const closed = { SecurityOpt: ["no-new-privileges"] };
    const browser = await start({ env: headless, host: closed });
    expect(await browser.ended()).toBe(77);
    expect(await browser.logs()).toMatch(
      /cannot make its own sandbox here, since the container may not use user namespaces \(unshare\): Operation not permitted.*OPENCLAW_BROWSER_UNSANDBOXED=1/,
    );
    const open = await start({
      env: { ...headless, OPENCLAW_BROWSER_UNSANDBOXED: "1" },
      host: closed,
    });
    expect(await open.state()).toMatchObject({ sandboxed: false });
    expect(await open.logs()).toContain("lets it run without");
  });

  test("a small /dev/shm is told, and pages are drawn all the same", async () => {
    const browser = await start({ host: { ShmSize: 16 * mebibyte } });
    await browser.state();
    expect(await browser.logs()).toContain("/dev/shm has 16 MiB free of the 128 that pages need");
    const page = await openPage(browser.door, "data:text/html,<canvas width=4000 height=4000></canvas>");
    const { data } = await page.call("Page.captureScreenshot");
    page.close();
    expect(String(data).length).toBeGreaterThan(1000);
  });

  test("a full disk is told as that", async () => {
    const full = {
      Tmpfs: { "/tmp": "size=4k,mode=1777", "/browser/profile": "size=4k,mode=1777" },
      Mounts: [],
    };
    const browser = await start({
      env: { ...headless, SKILLCRATE_BROWSER_DOORS: "" },
      host: full,
    });
    expect(await browser.ended()).toBe(1);
    expect(await browser.logs()).toMatch(/No space left on device\n$/);
  });

  test("a disk that fills up while it runs takes a download, and nothing else", async () => {
    const narrow = { profile: 96 * mebibyte, downloads: 8 * mebibyte };
    const browser = await start({ env: headless, narrow });
    await browser.state();
    const fill = (folder: string) =>
      browser.run("sh", "-c", `dd if=/dev/zero of=/browser/${folder}/filling bs=64k 2>&1`);
    for (const folder of ["profile", "downloads"]) {
      expect((await fill(folder)).stdout).toContain("No space left on device");
    }
    /** Each in a page of its own: of one page a browser takes several only where a person says so. */
    const download = async (name: string) => {
      const page = await openPage(browser.door, "data:text/html,<title>here</title><a>here</a>");
      await page.evaluate(downloadOf(name, 1_000_000));
      expect(await page.evaluate("document.title")).toBe("here");
      const { data } = await page.call("Page.captureScreenshot");
      expect(String(data).length).toBeGreaterThan(100);
      page.close();
    };
    await download("lost.bin");
    expect(await browser.run("/usr/local/bin/sandbox-browser-health")).toMatchObject({ exitCode: 0 });
    const found = async (name: string) =>
      (await browser.run("find", "/browser/downloads", "-name", name, "-size", "1000000c")).stdout;
    expect(await found("lost.bin")).toBe("");
    await browser.run("sh", "-c", "rm /browser/profile/filling /browser/downloads/filling");
    await download("got.bin");
    await expect.poll(() => found("got.bin"), { timeout: 20_000 }).toContain("got.bin");
  });
});

test("on a bridge only its gateway gets in: a neighbour with the token does not", async () => {
  const network = await docker.createNetwork({
    Name: `${inject("tagPrefix")}browser`,
    Labels: { [testLabel]: inject("testRun") },
  });
  onTestFinished(() => network.remove());
  const env = { ...headless, SKILLCRATE_BROWSER_LISTEN: "0.0.0.0" };
  const browser = await start({ env, host: { NetworkMode: network.id } });
  await browser.state();
  const { Networks } = (await browser.container.inspect()).NetworkSettings;
  const address = Object.values(Networks)[0]?.IPAddress ?? "";
  const neighbour = await start({ env: headless, host: { NetworkMode: network.id } });
  await neighbour.state();
  const reach = async (port: number) =>
    (await neighbour.run("python3", "-c", reachProgram, address, String(port), cdpToken)).stdout.trim();
  expect([await reach(9223), await reach(9222)]).toEqual(["403", "refused"]);
  // A page may go to other machines, and not to the browser itself.
  const page = await openPage(browser.door, "data:text/html,hello");
  for (const host of [address, "127.0.0.1"]) {
    await page.call("Page.navigate", { url: `http://${host}:9223/${cdpToken}/json/version` });
    await expect
      .poll(() => page.evaluate("location.hostname + ' ' + document.body.innerText"))
      .toMatch(`${host} addresses of the browser's own container are refused`);
  }
  page.close();
});

test.runIf(existsSync("/proc/net/if_inet6"))(
  "over IPv6 who is named gets in, with the token, and else only the bridge's gateway",
  async () => {
    const part = () => randomInt(0x1000, 0xffff).toString(16);
    const range = `fd00:${part()}:${part()}::/64`;
    const network = await docker.createNetwork({
      Name: `${inject("tagPrefix")}browser-ipv6`,
      Labels: { [testLabel]: inject("testRun") },
      EnableIPv6: true,
      IPAM: { Config: [{ Subnet: range }] },
    });
    onTestFinished(() => network.remove());
    const open = async (env: Record<string, string>) => {
      const listening = { ...headless, SKILLCRATE_BROWSER_LISTEN: "::", ...env };
      const browser = await start({ env: listening, host: { NetworkMode: network.id } });
      await browser.state();
      const { Networks } = (await browser.container.inspect()).NetworkSettings;
      return { browser, address: `[${Object.values(Networks)[0]?.GlobalIPv6Address}]` };
    };
    const named = await open({ SKILLCRATE_BROWSER_CDP_SOURCES: range });
    const usual = await open({});
    const reach = async (from: BrowserContainer, address: string, token: string) =>
      (await from.run("python3", "-c", reachProgram, address, "9223", token)).stdout.trim();
    expect(await reach(usual.browser, named.address, cdpToken)).toBe("200");
    expect(await reach(usual.browser, named.address, "x")).toBe("401");
    expect(await reach(named.browser, usual.address, cdpToken)).toBe("403");
    const gateway = await usual.browser.run("python3", "-c", gatewaysProgram);
    expect(gateway.stdout.trim()).toBe(range.replace("/64", "1/128"));
  },
);

/** A browser for one test. */
async function start(settings: BrowserContainerSettings = {}): Promise<BrowserContainer> {
  const browser = await containers.start(settings);
  onTestFinished(() => engine.containers.remove(browser.id));
  return browser;
}

/** Has a page download so many bytes of its own. */
function downloadOf(name: string, bytes: number): string {
  return `(() => {
    const link = document.querySelector("a");
    link.download = ${JSON.stringify(name)};
    link.href = URL.createObjectURL(new Blob([new Uint8Array(${bytes})]));
    link.click();
  })()`;
}

/** What a page can try against a port of the browser's container. */
function attack(host: string): string {
  return `(async () => {
    const page = await fetch("http://${host}:9222/json/version", { mode: "no-cors" });
    const text = page.type === "opaque" ? "unread" : await page.text();
    const socket = await new Promise((done) => {
      const tried = new WebSocket("ws://${host}:9222/devtools/browser");
      tried.onopen = () => done("open");
      tried.onerror = () => done("error");
    });
    return { text, socket };
  })()`;
}

const callByWebRtc = `(async () => {
  const urls = ["stun:127.0.0.1:7777", "turn:127.0.0.1:7777", "turn:127.0.0.1:7777?transport=tcp"];
  const call = new RTCPeerConnection({ iceServers: [{ urls, username: "a", credential: "b" }] });
  call.createDataChannel("any");
  await call.setLocalDescription(await call.createOffer());
  await new Promise((done) => setTimeout(done, 3000));
})()`;

const listenProgram = `
import select, socket
stream = socket.create_server(("127.0.0.1", 7777))
datagrams = socket.socket(type=socket.SOCK_DGRAM)
datagrams.bind(("127.0.0.1", 7777))
print("listening")
print("heard", "something" if select.select([stream, datagrams], [], [], 5)[0] else "nothing")
`;

/** For each text how many pixels it inks, how many of them have a colour, and a number that tells pictures apart. */
function drawTexts(texts: readonly string[]): string {
  return `(() => {
    const pen = document.querySelector("canvas").getContext("2d", { willReadFrequently: true });
    const draw = (text) => {
      pen.clearRect(0, 0, 100, 100);
      pen.font = "60px sans-serif";
      pen.fillText(text, 10, 70);
      const { data } = pen.getImageData(0, 0, 100, 100);
      let [ink, colors, hash] = [0, 0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [red, green, blue, alpha] = data.subarray(at, at + 4);
        if (alpha > 0) ink += 1;
        if (Math.max(red, green, blue) - Math.min(red, green, blue) > 30) colors += 1;
        hash = (hash * 31 + red + green * 3 + blue * 5 + alpha * 7) | 0;
      }
      return { ink, colors, hash };
    };
    return Object.fromEntries(${JSON.stringify(texts)}.map((text) => [text, draw(text)]));
  })()`;
}

const everythingReadable =
  "cat /proc/*/cmdline /proc/*/environ 2>/dev/null | tr '\\0' '\\n'; grep -rs canary- /tmp /browser/secrets /browser/doors";

/** The oldest process of that name. */
const kill = 'grep -lx "$0" /proc/[0-9]*/comm | cut -d / -f 3 | sort -n | head -n 1 | xargs kill -KILL';

const reachProgram = `
import sys, urllib.error, urllib.request
address, port, token = sys.argv[1:]
asked = urllib.request.Request(f"http://{address}:{port}/{token}/json/version", headers={"Host": "localhost"})
try:
    print(urllib.request.urlopen(asked, timeout=10).status)
except urllib.error.HTTPError as error:
    print(error.code)
except OSError:
    print("refused")
`;

/** Whom the door lets in where nobody is named: of IPv6. */
const gatewaysProgram = `
import sys, types
sys.path.insert(0, "/usr/local/lib/sandbox-browser")
from browser import sources_of
print(*(each for each in sources_of(types.SimpleNamespace(sources=[])) if each.version == 6))
`;

/** RFB's answer to a password: 0 where it is right. */
async function logIn(door: string, password: string): Promise<number | undefined> {
  const socket = connect(door);
  await take(socket, 12);
  socket.write("RFB 003.008\n");
  await take(socket, 2);
  socket.write(Uint8Array.of(2));
  const [challenge = Buffer.alloc(0)] = await take(socket, 16);
  // DES as VNC has it: each byte of the key from its other end. Three equal keys are one.
  const key = Buffer.from(password.padEnd(8, "\0")).map(mirrored);
  const cipher = createCipheriv("des-ede3-ecb", Buffer.concat([key, key, key]), null).setAutoPadding(false);
  socket.write(Buffer.concat([cipher.update(challenge), cipher.final()]));
  const [result] = await take(socket, 4);
  socket.destroy();
  return result?.readUInt32BE(0);
}

function mirrored(byte: number): number {
  return Number.parseInt(byte.toString(2).padStart(8, "0").split("").reverse().join(""), 2);
}

/** The next bytes, as one buffer; none where the other side ended first. */
async function take(socket: Socket, count: number): Promise<readonly Buffer[]> {
  while (socket.readableLength < count) {
    if (socket.readableEnded || socket.destroyed) return [];
    await new Promise((done) => socket.once("readable", done));
  }
  return [socket.read(count)];
}

function upgradeTo(socketPath: string): Promise<Socket> {
  const headers = {
    Host: "localhost",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": Buffer.alloc(16).toString("base64"),
    "Sec-WebSocket-Protocol": "binary",
  };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path: "/websockify", headers });
    asked.on("upgrade", (_: IncomingMessage, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket as Socket);
    });
    asked.on("error", reject).end();
  });
}
