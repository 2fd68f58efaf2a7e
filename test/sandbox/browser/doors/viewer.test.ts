import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { BrowserDoorEvent, BrowserDoors } from "../../../../src/sandbox/browser/doors/browser-doors.ts";
import { openBrowserDoors } from "../../../../src/sandbox/browser/doors/open-browser-doors.ts";
import { requestViewerLink } from "../../../../src/sandbox/browser/doors/request-viewer-link.ts";
import { createViewerSessions } from "../../../../src/sandbox/browser/doors/viewer-sessions.ts";
import { listen } from "../../../support/listen.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { dial, type FakeNoVnc, fakeNoVnc, listenIn, readAll, readUntil } from "./fake-browser.ts";

const password = "p&#<w /%";
const linkSecret = "0123456789abcdef0123456789abcdef";

interface World {
  readonly doors: BrowserDoors;
  readonly port: number;
  readonly noVnc: FakeNoVnc;
  readonly events: BrowserDoorEvent[];
}

async function openWorld(): Promise<World> {
  const folder = tempFolder();
  const noVnc = fakeNoVnc();
  await listenIn(folder, "novnc.sock", noVnc.server);
  const events: BrowserDoorEvent[] = [];
  const doors = await openBrowserDoors({
    target: { kind: "sockets", folder },
    screen: { vncPassword: password, noVnc: true, linkSecret },
    web: null,
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => doors.close());
  return { doors, port: doors.viewerPort ?? 0, noVnc, events };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

function ask(port: number, path: string, headers: OutgoingHttpHeaders = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ host: "127.0.0.1", port, path, headers, method, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (part) => {
        body += part;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}

const pathOf = (url: string): string => new URL(url).pathname;

/** Opens a link as a browser does: the cookie that it keeps. */
async function enter({ doors, port }: World): Promise<string> {
  const { headers } = await ask(port, pathOf(doors.createViewerLink().url));
  return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
}

describe("a link", () => {
  it("works once: it gives that browser a cookie, and leads on with the password in the fragment", async () => {
    const { doors, port } = await openWorld();
    const { url, lifeMs } = doors.createViewerLink();
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/watch/[\\w-]{32}$`));
    expect(lifeMs).toBe(60_000);
    const answer = await ask(port, pathOf(url));
    expect(answer.status).toBe(200);
    expect(answer.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^skillcrate-viewer-[0-9a-f]{12}=[\w-]{32}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    const target = /location\.replace\((".*?")\);/.exec(answer.body)?.[1] ?? "";
    const leadsTo = new URL(JSON.parse(target), url);
    expect(leadsTo.pathname + leadsTo.search).toBe("/vnc.html");
    // As noVNC reads it.
    const read = (name: string): string =>
      decodeURIComponent(leadsTo.hash.match(new RegExp(`.*[&#]${name}=([^&]*)`))?.[1] ?? "");
    expect([read("password"), read("path"), read("autoconnect")]).toEqual([password, "websockify", "1"]);
    // Nothing of it ends the script.
    expect(answer.body.match(/<\/?script/g)).toHaveLength(2);
    const again = await ask(port, pathOf(url));
    expect([again.status, again.headers["set-cookie"]]).toEqual([403, undefined]);
    expect(again.body).not.toContain("password");
  });

  it("is not used up by a look ahead or another method", async () => {
    const { doors, port } = await openWorld();
    const path = pathOf(doors.createViewerLink().url);
    expect((await ask(port, path, { "sec-purpose": "prefetch;prerender" })).status).toBe(503);
    expect((await ask(port, path, { purpose: "prefetch" })).status).toBe(503);
    expect((await ask(port, path, {}, "HEAD")).status).toBe(503);
    expect((await ask(port, path, {}, "POST")).status).toBe(405);
    expect((await ask(port, path)).status).toBe(200);
  });

  it("ends after its life, by a clock that nobody sets", () => {
    let now = 0;
    const sessions = createViewerSessions(() => now);
    const [short, long] = [sessions.createLink(1000), sessions.createLink(5000)];
    now = 1000;
    expect(sessions.redeem(short)).toBeNull();
    const session = sessions.redeem(long) ?? "";
    expect(sessions.isOpen(session)).toBe(true);
    expect(sessions.redeem(long)).toBeNull();
    now += 12 * 60 * 60_000;
    expect(sessions.isOpen(session)).toBe(false);
  });

  it("is one of at most 64, and none is another's", () => {
    const sessions = createViewerSessions();
    const links = Array.from({ length: 65 }, () => sessions.createLink(60_000));
    expect(new Set(links).size).toBe(65);
    expect(sessions.redeem(links[0] ?? "")).toBeNull();
    expect(sessions.redeem(links[1] ?? "")).not.toBeNull();
    expect([sessions.isOpen(links[2] ?? ""), sessions.redeem("")]).toEqual([false, null]);
  });

  it("is given to another process that knows the secret", async () => {
    const world = await openWorld();
    const link = await requestViewerLink({ viewerPort: world.port, linkSecret, lifeMs: 5000 });
    expect(link.lifeMs).toBe(5000);
    expect((await ask(world.port, pathOf(link.url))).status).toBe(200);
    const absent = { code: "BROWSER_VIEWER_ABSENT" };
    await expect(requestViewerLink({ viewerPort: world.port, linkSecret: "wrong" })).rejects.toMatchObject(
      absent,
    );
    const authorization = `Bearer ${linkSecret}`;
    const fromPage = await ask(
      world.port,
      "/links?lifeMs=1",
      { authorization, origin: "http://127.0.0.1" },
      "POST",
    );
    expect(fromPage.status).toBe(403);
    expect((await ask(world.port, "/links?lifeMs=1", { authorization })).status).toBe(400);
    const cookie = await enter(world);
    expect((await ask(world.port, "/links?lifeMs=1", { cookie }, "POST")).status).toBe(403);
    await world.doors.close();
    await expect(requestViewerLink({ viewerPort: world.port, linkSecret })).rejects.toMatchObject(absent);
  });

  it("is taken from nobody else who has the port by then", async () => {
    const liar = createServer((socket) => {
      const body = '{"url":"http://127.0.0.1:1/watch/00000000000000000000000000000000","lifeMs":1}';
      socket.end(
        `HTTP/1.1 201 Created\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
    });
    const viewerPort = await listen(liar, { host: "127.0.0.1", port: 0 });
    await expect(requestViewerLink({ viewerPort, linkSecret })).rejects.toMatchObject({
      code: "BROWSER_VIEWER_ABSENT",
    });
  });
});

describe("the viewer", () => {
  it("shows noVNC to whoever has the cookie, and tells it nothing of them", async () => {
    const world = await openWorld();
    const cookie = await enter(world);
    const page = await ask(world.port, "/vnc.html", {
      cookie,
      authorization: "x",
      "user-agent": "me",
      referer: "y",
    });
    expect([page.status, page.body]).toEqual([200, "<title>noVNC</title>"]);
    const told = world.noVnc.requests[0]?.headers;
    expect(Object.keys(told ?? {}).sort()).toEqual(["connection", "host"]);
    expect(page.headers).toMatchObject({
      "cache-control": "no-store",
      "content-type": "text/html",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    const policy = page.headers["content-security-policy"] ?? "";
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${world.port};`);
    expect(policy).not.toContain("script-src *");
    for (const name of ["set-cookie", "clear-site-data", "refresh"])
      expect(page.headers[name]).toBeUndefined();
  });

  it("follows noVNC nowhere", async () => {
    const world = await openWorld();
    const cookie = await enter(world);
    const answer = await ask(world.port, "/elsewhere", { cookie });
    expect([answer.status, answer.headers.location]).toEqual([502, undefined]);
    expect((await ask(world.port, "/missing", { cookie })).body).toContain("answers 404");
  });

  it("takes another viewer's cookie of the same host for none", async () => {
    const [one, other] = [await openWorld(), await openWorld()];
    const cookie = await enter(one);
    expect((await ask(other.port, "/vnc.html", { cookie })).status).toBe(403);
    const own = await enter(other);
    expect((await ask(other.port, "/vnc.html", { cookie: `${cookie}; a=b; ${own}` })).status).toBe(200);
    // Added by somebody at another port.
    const [name] = own.split("=");
    expect((await ask(other.port, "/vnc.html", { cookie: `${name}=planted; ${own}` })).status).toBe(200);
    expect((await ask(other.port, "/vnc.html", { cookie: `${name}=planted` })).status).toBe(403);
  });

  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "evil.example:80",
    "127.0.0.1@evil.example",
    "127.0.0.2",
    "[::1]:80",
  ])("refuses the Host %j, whatever else is right", async (host) => {
    const world = await openWorld();
    const cookie = await enter(world);
    expect((await ask(world.port, "/vnc.html", { cookie, host })).status).toBe(403);
    const path = pathOf(world.doors.createViewerLink().url);
    expect((await ask(world.port, path, { host })).status).toBe(403);
    expect((await ask(world.port, path, { host: "localhost:1234" })).status).toBe(200);
    expect(world.noVnc.requests).toEqual([]);
  });

  it("gives nothing without a cookie", async () => {
    const { port, noVnc } = await openWorld();
    for (const path of ["/", "/vnc.html", "/websockify", "/watch/", "/watch/x", "//vnc.html", "/links"]) {
      expect((await ask(port, path)).status).toBe(403);
    }
    expect(noVnc.requests).toEqual([]);
  });

  it("answers 502 when nobody is behind it", async () => {
    const world = await openWorld();
    const cookie = await enter(world);
    world.noVnc.server.close();
    const answer = await ask(world.port, "/vnc.html", { cookie });
    expect(answer.status).toBe(502);
    expect(world.events).toHaveLength(1);
  });

  it.each([
    "nonsense",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other",
    "HTTP/1.1 099 Low",
    "HTTP/1.1 200 OK\r\nContent-Type: a\0b",
    "HTTP/1.1 302 Found\r\nLocation: http://evil.example/",
  ])("answers 502 for %j", async (head) => {
    const folder = tempFolder();
    const inside = createServer((socket) => {
      socket.once("data", () => socket.end(`${head}\r\n\r\n`));
    });
    await listenIn(folder, "novnc.sock", inside);
    const doors = await openBrowserDoors({
      target: { kind: "sockets", folder },
      screen: { vncPassword: password, noVnc: true, linkSecret: null },
      web: null,
    });
    onTestFinished(() => doors.close());
    const port = doors.viewerPort ?? 0;
    const { headers } = await ask(port, pathOf(doors.createViewerLink().url));
    const cookie = headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    expect((await ask(port, "/vnc.html", { cookie })).status).toBe(502);
  });

  it("tells nothing secret in its events", async () => {
    const world = await openWorld();
    const { url } = world.doors.createViewerLink();
    const cookie = await enter(world);
    await ask(world.port, pathOf(url));
    await ask(world.port, pathOf(url));
    await ask(world.port, "/elsewhere", { cookie });
    const told = JSON.stringify(world.events);
    expect(world.events).toHaveLength(2);
    for (const secret of [pathOf(url).slice(7), cookie.split("=")[1] ?? "", linkSecret, password]) {
      expect(told).not.toContain(secret);
    }
  });
});

describe("a WebSocket", () => {
  async function upgrade(world: World, headers: Record<string, string>): Promise<string> {
    const socket = await dial(world.port);
    const all = {
      Host: `127.0.0.1:${world.port}`,
      Origin: `http://127.0.0.1:${world.port}`,
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    // Bytes that come with the head belong to the connection.
    socket.write(`GET /websockify HTTP/1.1\r\n${lines.join("")}\r\nfirst `);
    const answer = await readUntil(socket, "first ").catch((error: Error) => error.message);
    if (answer.startsWith("closed")) return answer;
    const rest = readAll(socket);
    socket.end("second");
    return answer + (await rest);
  }

  it("is passed on with its first bytes, both ways, and nothing but its own headers", async () => {
    const world = await openWorld();
    const answer = await upgrade(world, { Cookie: await enter(world), "Sec-WebSocket-Protocol": "binary" });
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    expect(answer.toLowerCase()).toContain("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n");
    expect(answer).not.toContain("Set-Cookie");
    expect(answer.endsWith("\r\n\r\nRFB 003.008\nfirst second")).toBe(true);
    const told = world.noVnc.requests[0]?.headers;
    expect(told).toMatchObject({ host: "localhost", "sec-websocket-protocol": "binary" });
    expect(Object.keys(told ?? {}).filter((name) => ["cookie", "origin"].includes(name))).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ["a page of the web", { Origin: "http://evil.example" }],
    ["a page of another port", { Origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { Origin: "null" }],
    ["a page under a foreign name", { Host: "evil.example", Origin: "http://evil.example" }],
    ["somebody without the cookie", { Cookie: "a=b" }],
  ])("is refused to %s", async (_, headers) => {
    const world = await openWorld();
    const answer = await upgrade(world, { Cookie: await enter(world), ...headers });
    expect(answer).toContain("HTTP/1.1 403 Forbidden");
    expect(world.noVnc.requests).toEqual([]);
    expect(world.events).toHaveLength(1);
  });
});
