import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  freePort,
  hasPython,
  password,
  startEntrypoint,
  startWithDoors,
  token,
  writeSecrets,
} from "./start-entrypoint.ts";

/** What asks for the time of day gets another year each time. */
const movingClock = `
import itertools, time
years = itertools.cycle([1971, 2099, 2026])
time.time = lambda: (next(years) - 1970) * 31_556_952.0
`;

const bearer = { authorization: `Bearer ${token}` };

describe.runIf(hasPython)("the doors of a browser", () => {
  test("open once the secrets are there, which go, and are told when all answers", async () => {
    const browser = await startEntrypoint({
      env: { SKILLCRATE_BROWSER_DOORS: "FOLDER/doors" },
      prepare: (folder) => {
        for (const name of ["state.json", "cdp.sock"]) writeFileSync(join(folder, "doors", name), "old");
      },
    });
    await browser.writes("chromium.started");
    expect([browser.has("doors/state.json"), browser.has("doors/cdp.sock")]).toEqual([false, false]);
    writeSecrets(browser.folder, { cdpToken: token, vncPassword: password });
    await browser.writes("doors/state.json");
    expect(JSON.parse(browser.file("doors/state.json"))).toEqual({
      format: "skillcrate/browser-state@1",
      headless: false,
      chromium: "1.2.3.4",
      sandboxed: expect.any(Boolean),
      startedAt: expect.any(Number),
    });
    for (const name of ["cdp", "vnc", "novnc"]) expect(browser.has(`doors/${name}.sock`)).toBe(true);
    expect(browser.has("browser/secrets/secrets.json")).toBe(false);
    writeSecrets(browser.folder, { cdpToken: token, vncPassword: password });
    await expect.poll(() => browser.has("browser/secrets/secrets.json"), { timeout: 5_000 }).toBe(false);
    const given = browser.file("chromium.args") + browser.file("chromium.env") + browser.file("Xvfb.args");
    expect(given + browser.output()).not.toContain(token);
  });

  test.each<[string, unknown]>([
    ["no token", { vncPassword: null }],
    ["a short token", { cdpToken: "short-and-secret" }],
    ["a token with other characters", { cdpToken: `${"a".repeat(40)}/short-and-secret` }],
    ["a long password", { cdpToken: token, vncPassword: "short-and-secret" }],
    ["no object", ["short-and-secret"]],
  ])("stay shut with %s, and nothing of it is said", async (_, secrets) => {
    const browser = await startWithDoors({ prepare: (folder) => writeSecrets(folder, secrets) });
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toMatch(/secrets\.json/);
    expect(browser.output()).not.toMatch(/short-and-secret|Traceback/);
    expect(browser.has("doors/cdp.sock")).toBe(false);
  });

  test("headless or without a password there is nothing to watch", async () => {
    const headless = await startWithDoors({ env: { OPENCLAW_BROWSER_HEADLESS: "1" } });
    await headless.writes("doors/state.json");
    const silent = await startWithDoors({
      prepare: (folder) => writeSecrets(folder, { cdpToken: token, vncPassword: null }),
    });
    await silent.writes("doors/state.json");
    for (const browser of [headless, silent]) {
      expect([browser.has("doors/vnc.sock"), browser.has("doors/novnc.sock")]).toEqual([false, false]);
    }
  });

  test("a crashed browser's locks go; a living one's profile is left alone", async () => {
    const browser = await startWithDoors({
      prepare: (folder) => {
        mkdirSync(join(folder, "browser", "profile"));
        for (const name of ["Lock", "Socket", "Cookie"]) {
          symlinkSync("another-4711", join(folder, "browser", "profile", `Singleton${name}`));
        }
      },
    });
    await browser.writes("doors/state.json");
    expect(browser.output().match(/removed Singleton/g)).toHaveLength(3);
    expect(browser.file("chromium.args")).toContain(`--user-data-dir=${browser.folder}/browser/profile`);
    const second = await startWithDoors({
      prepare: (folder) =>
        symlinkSync(join(browser.folder, "browser", "profile"), join(folder, "browser", "profile")),
    });
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toMatch(/another browser uses the profile \S+\n$/);
  });

  test("a profile on a full disk is told as that", async () => {
    const browser = await startWithDoors({
      prepare: (folder) =>
        writeFileSync(
          join(folder, "code", "sitecustomize.py"),
          "import errno, os\ndef full(*_): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\nos.posix_fallocate = full\n",
        ),
    });
    expect(await browser.exitCode).toBe(1);
    expect(browser.output()).toMatch(/cannot write to the profile \S+: No space left on device\n$/);
  });

  test("open, let in and close whatever the clock says, which is moved by years all the time", async () => {
    const browser = await startWithDoors({
      prepare: (folder) => writeFileSync(join(folder, "code", "sitecustomize.py"), movingClock),
    });
    await browser.writes("doors/state.json");
    const door = join(browser.folder, "doors", "cdp.sock");
    for (let time = 0; time < 5; time += 1) {
      expect(await ask(door, "/json/version", bearer)).toMatchObject({ status: 200 });
    }
    expect(await ask(door, "/json/version", {})).toMatchObject({ status: 401 });
    browser.child.kill("SIGTERM");
    expect(await browser.exitCode).toBe(143);
  });
});

describe.runIf(hasPython)("the door to the DevTools protocol", () => {
  test("takes the token in a header or in the path, and hands none of it on", async () => {
    const browser = await startWithDoors();
    await browser.writes("doors/state.json");
    const door = join(browser.folder, "doors", "cdp.sock");
    const byHeader = await ask(door, "/json/version", { ...bearer, cookie: "a=b" });
    expect(byHeader).toMatchObject({ status: 200, connection: "close" });
    expect(JSON.parse(byHeader.body)).toMatchObject({
      title: `see 127.0.0.1:${browser.port}`,
      webSocketDebuggerUrl: "ws://localhost:7/devtools/page/A",
    });
    const own = await ask(door, "/json/list", { "x-browser-token": token, host: "[::1]:9" });
    expect(JSON.parse(own.body)[0].webSocketDebuggerUrl).toBe("ws://[::1]:9/devtools/page/A");
    const byPath = await ask(door, `/${token}/json/list`, { host: "127.0.0.1" });
    expect(JSON.parse(byPath.body)[0]).toMatchObject({
      webSocketDebuggerUrl: `ws://127.0.0.1/${token}/devtools/page/A`,
      devtoolsFrontendUrl: `https://frontend.test/inspector.html?ws=127.0.0.1/${token}/devtools/page/A`,
    });
    expect((await ask(door, "/json/activate/A", bearer)).body).toBe("Target activated");
    expect((await ask(door, "/devtools/large.js", bearer)).body).toHaveLength(3_000_000);
    const seen = browser.file("chromium.requests");
    expect(seen).toMatch(/GET \/json\/list HTTP\/1\.1/);
    expect(seen).not.toMatch(new RegExp(`${token}|cookie|authorization|localhost|::1`, "i"));
  });

  test.each<[string, number, string, Record<string, string>]>([
    ["no token", 401, "/json/version", {}],
    ["a wrong token", 401, "/json/version", { authorization: `Bearer ${token.replace("1", "2")}` }],
    ["a part of the token", 401, `/${token.slice(1)}/json/version`, {}],
    ["the token's beginning", 401, `/${token.slice(0, -1)}/json/version`, {}],
    ["the token and more", 401, "/json/version", { authorization: `Bearer ${token}1` }],
    ["a token of another kind", 401, "/json/version", { authorization: `Basic ${token}` }],
    ["a foreign host", 403, "/json/version", { ...bearer, host: "rebound.example" }],
    ["a host that begins like ours", 403, "/json/version", { ...bearer, host: "localhost.example:80" }],
    ["a web page", 403, "/json/version", { ...bearer, origin: "http://localhost" }],
    ["a body", 400, "/json/version", { ...bearer, "content-length": "5" }],
    ["a body of chunks", 400, "/json/version", { ...bearer, "transfer-encoding": "chunked" }],
  ])("refuses %s", async (_, status, path, headers) => {
    const browser = await startWithDoors();
    await browser.writes("doors/state.json");
    const answer = await ask(join(browser.folder, "doors", "cdp.sock"), path, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(token);
    expect(answer.body.split("\n")).toHaveLength(2);
    expect(browser.file("chromium.requests").match(/GET/g)).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    [
      "another method",
      `POST /json/version HTTP/1.1\r\nHost: localhost\r\nX-Browser-Token: ${token}\r\n\r\n`,
      "400",
    ],
    [
      "a whole address",
      `GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nX-Browser-Token: ${token}\r\n\r\n`,
      "400",
    ],
    ["two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n", "400"],
    ["no host", `GET /${token}/json HTTP/1.1\r\n\r\n`, "403"],
    ["a folded header", "GET / HTTP/1.1\r\nHost: localhost\r\n x: y\r\n\r\n", "400"],
    ["a bare line feed", "GET / HTTP/1.1\r\nHost: localhost\nX: y\r\n\r\n", "400"],
    ["something else than HTTP", "RFB 003.008\r\n\r\n", "400"],
    ["a head without an end", `GET / HTTP/1.1\r\nX: ${"a".repeat(20_000)}`, "431"],
    ["too many headers", `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(200)}\r\n`, "431"],
  ])("refuses %s", async (_, head, status) => {
    const browser = await startWithDoors();
    await browser.writes("doors/state.json");
    const socket = connect(join(browser.folder, "doors", "cdp.sock"));
    socket.write(head);
    expect(await readAll(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} .*Connection: close`, "s"));
  });

  test("a head that never comes is not waited for", async () => {
    const browser = await startWithDoors();
    await browser.writes("doors/state.json");
    const socket = connect(join(browser.folder, "doors", "cdp.sock"));
    socket.write("GET / HTTP/1.1\r\n");
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("carries a hundred megabytes to a slow reader in little memory, and knows that somebody drives", async () => {
    const browser = await startWithDoors();
    await browser.writes("doors/state.json");
    const memory = () => Number(/VmRSS:\s+(\d+)/.exec(status(browser.child.pid))?.[1]);
    const socket = await upgrade(join(browser.folder, "doors", "cdp.sock"));
    await browser.writes("work/driven");
    const before = memory();
    socket.write(`[${100e6}]`);
    let count = 0;
    let most = 0;
    for await (const chunk of socket) {
      count += chunk.length;
      most = Math.max(most, memory());
      if (count < 5e6) await new Promise((done) => setTimeout(done, 20));
      if (count >= 100e6) break;
    }
    expect(count).toBe(100e6);
    expect(most - before).toBeLessThan(8_000);
    await expect.poll(() => browser.has("work/driven"), { timeout: 5_000 }).toBe(false);
  });

  test("lets who drives go on where a full disk takes no note of that", async () => {
    const browser = await startWithDoors({
      prepare: (folder) =>
        writeFileSync(
          join(folder, "code", "sitecustomize.py"),
          "import errno, os, pathlib\ndef full(*_): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))\npathlib.Path.touch = full\n",
        ),
    });
    await browser.writes("doors/state.json");
    const socket = await upgrade(join(browser.folder, "doors", "cdp.sock"));
    socket.write("[5]");
    const [first] = await once(socket, "data");
    expect(first.length).toBeGreaterThan(0);
    socket.destroy();
    expect(browser.has("work/driven")).toBe(false);
  });

  test("on a bridge only the networks that were named may connect", async () => {
    const port = await freePort();
    const start = (sources: string) =>
      startWithDoors({
        env: {
          OPENCLAW_BROWSER_CDP_PORT: String(port),
          OPENCLAW_BROWSER_HEADLESS: "1",
          SKILLCRATE_BROWSER_LISTEN: "127.0.0.1",
          SKILLCRATE_BROWSER_CDP_SOURCES: sources,
          SKILLCRATE_BROWSER_HOSTS: "browser.test",
        },
      });
    const near = await start("192.0.2.0/24, 127.0.0.0/8");
    await near.writes("doors/state.json");
    const headers = { ...bearer, host: "browser.test:1" };
    expect(await ask(port + 1, "/json/version", headers)).toMatchObject({ status: 200 });
    near.child.kill("SIGTERM");
    await near.exitCode;
    const far = await start("192.0.2.0/24");
    await far.writes("doors/state.json");
    expect(await ask(port + 1, "/json/version", headers)).toMatchObject({ status: 403 });
    expect(await ask(join(far.folder, "doors", "cdp.sock"), "/json/version", headers)).toMatchObject({
      status: 200,
    });
  });
});

describe.runIf(hasPython)("a page's way to the web", () => {
  test("leads through the socket, where there is one", async () => {
    const browser = await startWithDoors({ env: { SKILLCRATE_BROWSER_WEB: "FOLDER/web.sock" } });
    await browser.writes("doors/state.json");
    expect(await throughRelay(browser, "GET http://a.test/ HTTP/1.1\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 502 .*proxy on the host/s,
    );
    const proxy = createServer((socket) => socket.on("data", (data) => socket.end(`proxied ${data}`)));
    await new Promise<void>((done) => proxy.listen(join(browser.folder, "web.sock"), done));
    expect(await throughRelay(browser, "CONNECT a.test:443 HTTP/1.1\r\n\r\n")).toMatch(
      /^proxied CONNECT a\.test/,
    );
    proxy.close();
  });

  test("is not there without network", async () => {
    const browser = await startWithDoors();
    await browser.writes("doors/state.json");
    const answer = await throughRelay(browser, `GET http://127.0.0.1:${browser.port}/json HTTP/1.1\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 502 .*this browser has no network\n$/s);
  });

  test.each([
    ["CONNECT 127.0.0.1:PORT HTTP/1.1", 403],
    ["GET http://127.0.0.1:PORT/json HTTP/1.1", 403],
    ["GET http://localhost:PORT/json HTTP/1.1", 403],
    ["GET http://[::1]:PORT/json HTTP/1.1", 403],
    ["GET http://[::ffff:127.0.0.1]:PORT/json HTTP/1.1", 403],
    ["GET http://0.0.0.0:PORT/json HTTP/1.1", 403],
    ["GET http://2130706433:PORT/json HTTP/1.1", 403],
    ["GET http://169.254.169.254/ HTTP/1.1", 403],
    ["GET ftp://a.test/ HTTP/1.1", 400],
    ["GET /json HTTP/1.1", 400],
  ])("by hand leads everywhere but to the browser itself: %s", async (line, status) => {
    const browser = await startEntrypoint();
    await browser.says("DevTools protocol");
    const answer = await throughRelay(browser, `${line.replace("PORT", String(browser.port))}\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(browser.file("chromium.requests").match(/GET/g)).toHaveLength(1);
  });
});

type Browser = Awaited<ReturnType<typeof startEntrypoint>>;

function throughRelay(browser: Browser, text: string): Promise<string> {
  const port = /--proxy-server=http:\/\/127\.0\.0\.1:(\d+)/.exec(browser.file("chromium.args"))?.[1];
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(text);
  return readAll(socket);
}

function ask(place: string | number, path: string, headers: Record<string, string>) {
  const where = typeof place === "string" ? { socketPath: place } : { host: "127.0.0.1", port: place };
  return new Promise<{ status: number | undefined; connection: string | undefined; body: string }>(
    (done, fail) => {
      const asked = request({ ...where, path, headers: { host: "localhost:7", ...headers } }, (answer) => {
        let body = "";
        answer.setEncoding("latin1").on("data", (text: string) => {
          body += text;
        });
        answer.on("end", () =>
          done({ status: answer.statusCode, connection: answer.headers.connection, body }),
        );
      });
      asked.on("error", fail).end();
    },
  );
}

function upgrade(door: string): Promise<Socket> {
  return new Promise((done, fail) => {
    const headers = { host: "localhost", ...bearer, connection: "Upgrade", upgrade: "websocket" };
    const asked = request({ socketPath: door, path: "/devtools/page/A", headers });
    asked
      .on("upgrade", (_, socket) => done(socket as Socket))
      .on("error", fail)
      .end();
  });
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += chunk;
  return text;
}

function status(pid: number | undefined): string {
  return readFileSync(`/proc/${pid}/status`, "utf8");
}
