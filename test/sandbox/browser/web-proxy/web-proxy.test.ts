import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { LookUpName } from "../../../../src/sandbox/browser/web-proxy/look-up-name.ts";
import {
  readWebPolicy,
  type WrittenWebPolicy,
} from "../../../../src/sandbox/browser/web-proxy/read-web-policy.ts";
import {
  startWebProxy,
  type WebProxyRequest,
} from "../../../../src/sandbox/browser/web-proxy/start-web-proxy.ts";
import type { WebEvent } from "../../../../src/sandbox/browser/web-proxy/web-event.ts";
import { listen } from "../../../support/listen.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { dial, echo, readAll, readUntil } from "../doors/fake-browser.ts";
import { expectHeldBack, flood } from "../doors/flood.ts";

interface World {
  readonly path: string;
  readonly events: WebEvent[];
  readonly lookedUp: string[];
  connections(): number;
}

interface Ground extends Partial<Omit<WebProxyRequest, "policy" | "lookUp">> {
  readonly policy?: WrittenWebPolicy;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly lookUp?: LookUpName;
}

async function openWorld({ policy = {}, names = {}, ...more }: Ground = {}): Promise<World> {
  const read = readWebPolicy(policy);
  if (!read.ok) throw new Error("the policy is none");
  const folder = tempFolder();
  const events: WebEvent[] = [];
  const lookedUp: string[] = [];
  const proxy = await startWebProxy({
    folder,
    policy: read.policy,
    onEvent: (event) => events.push(event),
    lookUp: async (name) => {
      lookedUp.push(name);
      return names[name] ?? [];
    },
    ...more,
  });
  onTestFinished(() => proxy.close());
  return { path: join(folder, "web.sock"), events, lookedUp, connections: proxy.connections };
}

/** The whole answer to some bytes. */
async function say({ path }: World, text: string): Promise<string> {
  const socket = await dial(path);
  socket.write(text);
  return await readAll(socket);
}

const connectTo = (authority: string): string =>
  `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

/** An established tunnel. */
async function openTunnel(world: World, authority: string): Promise<Socket> {
  const socket = await dial(world.path);
  socket.write(connectTo(authority));
  expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
  return socket;
}

/** A server on this machine that takes down what it is asked. */
async function startOrigin(): Promise<{ port: number; requests: IncomingMessage[]; bodies: string[] }> {
  const requests: IncomingMessage[] = [];
  const bodies: string[] = [];
  const server = createHttpServer((request, response) => {
    requests.push(request);
    let body = "";
    request.setEncoding("latin1").on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      bodies.push(body);
      response.writeHead(
        200,
        "Fine",
        [
          ["X-One", "1"],
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
          ["Connection", "X-Hop"],
          ["X-Hop", "1"],
          ["Proxy-Authenticate", "Basic"],
        ].flat(),
      );
      response.end(`answer to ${request.method} ${request.url}`);
    });
  });
  const port = await listen(server, { host: "127.0.0.1", port: 0 });
  return { port, requests, bodies };
}

describe("a tunnel", () => {
  it("passes bytes both ways to what is allowed, those behind the head too", async () => {
    const port = await listen(echo("hello "), { host: "127.0.0.1", port: 0 });
    const world = await openWorld({ policy: { allow: [`127.0.0.1:${port}`] } });
    const socket = await dial(world.path);
    socket.write(`${connectTo(`127.0.0.1:${port}`)}early `);
    expect(await readUntil(socket, "early ")).toMatch(/^HTTP\/1\.1 200 [\s\S]*hello early $/);
    const rest = readAll(socket);
    socket.end("late");
    expect(await rest).toBe("late");
    expect(world.events).toEqual([]);
  });

  it.each([
    ["127.0.0.1:80", "loopback", 403],
    ["[::1]:80", "loopback", 403],
    ["[::ffff:127.0.0.1]:80", "loopback", 403],
    ["10.0.0.1:80", "private", 403],
    ["169.254.169.254:80", "metadata", 403],
    ["[fd00:ec2::254]:80", "metadata", 403],
    ["100.64.0.1:80", "shared-private", 403],
    ["[64:ff9b::7f00:1]:80", "translated", 403],
    ["0.0.0.0:80", "unspecified", 403],
    ["0x7f.1:80", "odd-spelling", 403],
    ["2130706433:80", "odd-spelling", 403],
    ["0177.0.0.1:80", "odd-spelling", 403],
    ["[fe80::1%lo]:80", "odd-spelling", 403],
    ["example.com", "not-a-destination", 400],
    ["user@example.com:80", "not-a-destination", 400],
    ["inside.example:80", "loopback", 403],
    ["INSIDE.example.:80", "loopback", 403],
    ["mapped.example:80", "metadata", 403],
  ])("to %s is refused: %s", async (authority, rule, status) => {
    const world = await openWorld({
      names: { "inside.example": ["127.0.0.1", "::1"], "mapped.example": ["::ffff:169.254.169.254"] },
    });
    const answer = await say(world, connectTo(authority));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.split("\r\n\r\n")[1]).toMatch(new RegExp(`^${rule}: .+\n$`));
    expect(world.events).toEqual([expect.objectContaining({ type: "web-refused", rule })]);
  });

  it("tells what was refused: host, port, address and rule", async () => {
    const world = await openWorld({ names: { "rebind.example": ["192.168.7.9"] } });
    const answer = await say(world, connectTo("rebind.example:8443"));
    expect(answer).toContain("private: rebind.example:8443 is at 192.168.7.9: a private network\n");
    expect(world.events).toEqual([
      {
        type: "web-refused",
        host: "rebind.example",
        port: 8443,
        address: "192.168.7.9",
        rule: "private",
        reason: "a private network",
      },
    ]);
  });

  it("looks a name up once, and connects to what was judged then", async () => {
    const port = await listen(echo("hello"), { host: "127.0.0.1", port: 0 });
    const answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]];
    let asked = 0;
    const world = await openWorld({
      policy: { allow: ["127.0.0.1"] },
      lookUp: async () => answers[asked++] ?? [],
    });
    const socket = await openTunnel(world, `moving.example:${port}`);
    expect(await readUntil(socket, "hello")).toBe("hello");
    expect(asked).toBe(1);
    // The next connection is judged by itself.
    expect(await say(world, connectTo(`moving.example:${port}`))).toContain("403");
  });

  it("goes to the judged addresses of a name only, and to the next when one does not answer", async () => {
    const port = await listen(echo("hello"), { host: "127.0.0.9", port: 0 });
    let wrong = 0;
    await listen(
      createServer(() => (wrong += 1)),
      { host: "127.0.0.3", port },
    );
    const world = await openWorld({
      policy: { allow: ["*", "127.0.0.8/31"] },
      names: { "many.example": ["127.0.0.3", "::ffff:127.0.0.8", "127.0.0.9"] },
    });
    await readUntil(await openTunnel(world, `many.example:${port}`), "hello");
    expect(wrong).toBe(0);
    expect(world.events).toEqual([]);
  });

  it("answers 502 where nobody listens, nothing has an address, or nobody answers", async () => {
    const world = await openWorld({
      policy: { allow: ["*", "127.0.0.1"] },
      names: { "full.example": ["127.0.0.1"] },
      limits: { lookupTimeoutMs: 100 },
    });
    expect(await say(world, connectTo("127.0.0.1:1"))).toContain("127.0.0.1:1: nobody listens there\n");
    expect(await say(world, connectTo("nowhere.example:1"))).toContain("502 Bad Gateway");
    expect(world.events.map(({ type }) => type)).toEqual(["web-failed", "web-failed"]);
    const silent = await openWorld({
      limits: { lookupTimeoutMs: 100 },
      lookUp: (_, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(Object.assign(new Error(), { code: "ECANCELLED" })));
        }),
    });
    expect(await say(silent, connectTo("silent.example:1"))).toContain("could not be looked up (ECANCELLED)");
  });

  it("asks nobody for a name that no list can allow", async () => {
    const world = await openWorld({
      policy: { allow: ["example.com", "*.example.com:443"], deny: ["bad.example.com"] },
    });
    for (const authority of ["secret.evil.example:443", "a.example.com:80", "bad.example.com:443"]) {
      expect(await say(world, connectTo(authority))).toContain("403 Forbidden");
    }
    expect(world.lookedUp).toEqual([]);
    await say(world, connectTo("a.example.com:443"));
    expect(world.lookedUp).toEqual(["a.example.com"]);
  });

  it("keeps memory flat while 100 MB wait for whoever downloads them", async () => {
    const pouring = flood();
    const port = await listen(pouring.server, { host: "127.0.0.1", port: 0 });
    const world = await openWorld({ policy: { allow: ["127.0.0.1"] } });
    await expectHeldBack(pouring, await openTunnel(world, `127.0.0.1:${port}`));
  });

  it("is ended on both sides when one is cut or nothing is said", async () => {
    const origin = createServer();
    const port = await listen(origin, { host: "127.0.0.1", port: 0 });
    const world = await openWorld({ policy: { allow: ["127.0.0.1"] }, limits: { idleTimeoutMs: 300 } });
    const arrived = once(origin, "connection");
    const socket = await openTunnel(world, `127.0.0.1:${port}`);
    const [far] = await arrived;
    socket.destroy();
    await once(far.resume(), "close");
    const arrivedAgain = once(origin, "connection");
    const silent = await openTunnel(world, `127.0.0.1:${port}`);
    const [farAgain] = await arrivedAgain;
    await Promise.all([readAll(silent), once(farAgain.resume(), "close")]);
    await vi.waitUntil(() => world.connections() === 0);
  });
});

describe("a request in absolute form", () => {
  it("is passed on with its path and without what is between it and the proxy", async () => {
    const { port, requests } = await startOrigin();
    const world = await openWorld({
      policy: { allow: ["127.0.0.1"] },
      names: { "site.example": ["127.0.0.1"] },
    });
    const answer = await say(
      world,
      [
        `GET http://site.example:${port}/a?b=c HTTP/1.1`,
        "Host: other.example",
        "Cookie: c=1",
        "Proxy-Authorization: Basic c2VjcmV0",
        "Proxy-Connection: keep-alive",
        "Connection: close, X-Mine",
        "X-Mine: 1",
        "TE: trailers",
        "Upgrade: h2c",
        "Accept: */*",
        "",
        "",
      ].join("\r\n"),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain("answer to GET /a?b=c");
    expect(answer).toMatch(/x-one: 1\r\n/i);
    expect(answer.match(/set-cookie: /gi)).toHaveLength(2);
    expect(answer).not.toMatch(/x-hop|proxy-authenticate/i);
    expect(requests[0]?.headers).toEqual({
      host: `site.example:${port}`,
      cookie: "c=1",
      accept: "*/*",
      connection: "close",
    });
  });

  it.each([
    ["Content-Length: 5\r\n", "hello"],
    ["Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"],
  ])("has its body: %j", async (header, body) => {
    const { port, bodies, requests } = await startOrigin();
    const world = await openWorld({ policy: { allow: ["127.0.0.1"] } });
    for (const method of ["POST", "GET"]) {
      const head = `${method} http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${header}\r\n`;
      expect(await say(world, head + body)).toContain(`answer to ${method} /`);
    }
    expect(bodies).toEqual(["hello", "hello"]);
    expect(requests).toHaveLength(2);
  });

  it("is refused like a tunnel, and the connection stays for the next", async () => {
    const { port } = await startOrigin();
    const world = await openWorld({ policy: { allow: ["*", `127.0.0.1:${port}`] } });
    const refused = await say(world, "GET http://127.0.0.1:1/ HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(refused).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n[\s\S]*\r\n\r\nloopback: 127\.0\.0\.1:1: /);
    expect(await say(world, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")).toContain("not-a-destination");
    expect(await say(world, "GET https://a.example/ HTTP/1.1\r\nHost: x\r\n\r\n")).toContain(
      "400 Bad Request",
    );
    expect(await say(world, "GET http://a@127.0.0.1/ HTTP/1.1\r\nHost: x\r\n\r\n")).toContain(
      "400 Bad Request",
    );
    const twice = `GET http://127.0.0.1:${port}/1 HTTP/1.1\r\nHost: x\r\n\r\nGET http://127.0.0.1:${port}/2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const answer = await say(world, twice);
    expect(answer.indexOf("GET /1")).toBeGreaterThan(0);
    expect(answer.indexOf("GET /2")).toBeGreaterThan(answer.indexOf("GET /1"));
  });

  it("tells no password of an address", async () => {
    const world = await openWorld();
    const answer = await say(world, "GET http://user:secret@a.example/ HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(answer).toContain("a.example");
    expect(answer + JSON.stringify(world.events)).not.toContain("secret");
  });

  it.each([
    "HTTP/1.1 099 Low\r\nContent-Length: 0",
    "HTTP/1.1 999 High\r\nContent-Length: 0",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked",
    `HTTP/1.1 200 OK\r\nX: ${"x".repeat(70_000)}`,
    "HTTP/1.1 200 OK\r\nX: a\0b",
  ])("is 502 for an answer that cannot be passed on: %j", async (head) => {
    const origin = createServer((socket) => {
      socket.once("data", () => socket.end(`${head}\r\n\r\n`));
    });
    const port = await listen(origin, { host: "127.0.0.1", port: 0 });
    const world = await openWorld({ policy: { allow: ["127.0.0.1"] } });
    expect(await say(world, `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 502 /,
    );
    expect(world.events).toHaveLength(1);
  });

  it("is 502 where the answer is none, and cut where it is cut", async () => {
    const origin = createServer((socket) => {
      socket.once("data", (part) => {
        const isFirst = part.toString().includes("/none");
        socket.end(isFirst ? "nonsense\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
      });
    });
    const port = await listen(origin, { host: "127.0.0.1", port: 0 });
    const world = await openWorld({ policy: { allow: ["127.0.0.1"] } });
    expect(await say(world, `GET http://127.0.0.1:${port}/none HTTP/1.1\r\nHost: x\r\n\r\n`)).toContain(
      "502 Bad",
    );
    const cut = await say(world, `GET http://127.0.0.1:${port}/cut HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(cut.endsWith("short")).toBe(true);
  });
});

describe("an upstream proxy", () => {
  it("is asked for everything, with the operator's login and no one else's", async () => {
    const asked: string[] = [];
    const upstream = createServer((socket) => {
      socket.once("data", (part) => {
        const text = part.toString("latin1");
        asked.push(text);
        if (text.includes("refused.example")) socket.end("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        else if (text.startsWith("CONNECT")) socket.end("HTTP/1.1 200 OK\r\n\r\nfrom there");
        else socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage");
      });
    });
    const port = await listen(upstream, { host: "127.0.0.1", port: 0 });
    const world = await openWorld({ policy: { upstreamProxy: `http://user:word@127.0.0.1:${port}` } });
    expect(await say(world, connectTo("site.example:443"))).toMatch(/ 200 [\s\S]*from there$/);
    const plain =
      "GET http://site.example/x HTTP/1.1\r\nHost: y\r\nProxy-Authorization: Basic bWluZQ==\r\n\r\n";
    const socket = await dial(world.path);
    socket.write(plain);
    await readUntil(socket, "page");
    const login = `proxy-authorization: Basic ${Buffer.from("user:word").toString("base64")}\r\n`;
    expect(asked[0]).toMatch(/^CONNECT site\.example:443 HTTP\/1\.1\r\n/);
    expect(asked[1]).toMatch(/^GET http:\/\/site\.example\/x HTTP\/1\.1\r\n/);
    for (const text of asked) expect(text.split(login)).toHaveLength(2);
    expect(asked.join()).not.toContain("bWluZQ");
    expect(await say(world, connectTo("refused.example:443"))).toContain("the upstream proxy answers 407");
    // What needs no look-up is judged here.
    expect(await say(world, connectTo("10.0.0.1:443"))).toContain("403 Forbidden");
    expect(await say(world, connectTo("metadata.google.internal:80"))).toContain("inside-name");
    expect(world.lookedUp).toEqual([]);
    expect(asked).toHaveLength(3);
  });
});

describe("limits", () => {
  it("hold for heads, their time, and connections at once", async () => {
    const world = await openWorld({ limits: { headBytes: 2000, headTimeoutMs: 300, maxConnections: 2 } });
    expect(await say(world, `GET http://a.example/ HTTP/1.1\r\nX: ${"x".repeat(3000)}\r\n\r\n`)).toContain(
      " 431 ",
    );
    expect(await say(world, "CONNECT a.example:443 HTTP/1.1\r\nHost:")).toContain(" 408 ");
    expect(await say(world, "\0\0\0\r\n\r\n")).toContain(" 400 ");
    const [first] = [await dial(world.path), await dial(world.path)];
    await vi.waitUntil(() => world.connections() === 2);
    expect(await readAll(await dial(world.path))).toBe("");
    first.destroy();
    await vi.waitUntil(() => world.connections() < 2);
  });

  it("give up a look-up that nobody waits for any more", async () => {
    let given = (): void => undefined;
    const gaveUp = new Promise<void>((resolve) => {
      given = resolve;
    });
    let started = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      started = resolve;
    });
    const world = await openWorld({
      lookUp: (_, signal) => {
        started();
        return new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            given();
            reject(Object.assign(new Error(), { code: "ECANCELLED" }));
          });
        });
      },
    });
    const socket = await dial(world.path);
    socket.write("GET http://slow.example/ HTTP/1.1\r\nHost: slow.example\r\n\r\n");
    await asked;
    socket.destroy();
    await gaveUp;
  });
});
