import { once } from "node:events";
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type {
  BrowserDoorEvent,
  BrowserDoors,
  BrowserDoorsRequest,
} from "../../../../src/sandbox/browser/doors/browser-doors.ts";
import { openBrowserDoors } from "../../../../src/sandbox/browser/doors/open-browser-doors.ts";
import { publicWeb } from "../../../../src/sandbox/browser/web-proxy/web-policy.ts";
import { listen } from "../../../support/listen.ts";
import { tempFolder } from "../../../support/temp-folder.ts";
import { dial, echo, fakeNoVnc, listenIn, readAll, readUntil } from "./fake-browser.ts";
import { expectHeldBack, flood } from "./flood.ts";

interface World {
  readonly doors: BrowserDoors;
  readonly folder: string;
  readonly events: BrowserDoorEvent[];
}

async function openWorld(more: Partial<BrowserDoorsRequest> = {}, folder = tempFolder()): Promise<World> {
  const events: BrowserDoorEvent[] = [];
  const doors = await openBrowserDoors({
    target: { kind: "sockets", folder },
    screen: { vncPassword: "12345678", noVnc: true, linkSecret: null },
    web: null,
    onEvent: (event) => events.push(event),
    ...more,
  });
  onTestFinished(() => doors.close());
  return { doors, folder, events };
}

describe("a relayed door", () => {
  it("passes bytes both ways, and an end in one direction", async () => {
    const { doors, folder } = await openWorld();
    await listenIn(folder, "cdp.sock", echo("cdp "));
    await listenIn(folder, "vnc.sock", echo("vnc "));
    for (const [port, name] of [
      [doors.cdpPort, "cdp"],
      [doors.vncPort ?? 0, "vnc"],
    ] as const) {
      const client = await dial(port);
      client.end("hello");
      expect(await readAll(client)).toBe(`${name} hello`);
    }
    expect(doors.cdpUrl).toBe(`http://127.0.0.1:${doors.cdpPort}`);
  });

  it("works from a folder whose path is longer than a socket's may be", async () => {
    const short = tempFolder();
    await listenIn(short, "cdp.sock", echo("deep "));
    const long = join(tempFolder(), "x".repeat(120), "y".repeat(120));
    mkdirSync(long, { recursive: true });
    renameSync(join(short, "cdp.sock"), join(long, "cdp.sock"));
    const { doors } = await openWorld({}, long);
    const client = await dial(doors.cdpPort);
    client.end();
    expect(await readAll(client)).toBe("deep ");
  });

  it("leads to a bridge's address just so", async () => {
    const cdpPort = await listen(echo("bridge "), { host: "127.0.0.1", port: 0 });
    const { doors } = await openWorld({
      target: { kind: "address", host: "127.0.0.1", cdpPort, vncPort: 1, noVncPort: 1 },
    });
    const client = await dial(doors.cdpPort);
    client.end();
    expect(await readAll(client)).toBe("bridge ");
  });

  it.each<[string, (folder: string, secret: string) => void]>([
    ["a link to another socket", (folder, secret) => symlinkSync(secret, join(folder, "cdp.sock"))],
    ["a link to a socket beside it", (folder) => symlinkSync("vnc.sock", join(folder, "cdp.sock"))],
    ["a file", (folder) => writeFileSync(join(folder, "cdp.sock"), "")],
    ["a folder", (folder) => mkdirSync(join(folder, "cdp.sock"))],
  ])("refuses %s in the place of its socket", async (_, put) => {
    const elsewhere = tempFolder();
    let reached = 0;
    const secret = (): Server =>
      createServer((socket) => {
        reached += 1;
        socket.end("secret");
      });
    await listenIn(elsewhere, "engine.sock", secret());
    const { doors, folder, events } = await openWorld();
    await listenIn(folder, "vnc.sock", secret());
    put(folder, join(elsewhere, "engine.sock"));
    expect(await readAll(await dial(doors.cdpPort))).toBe("");
    expect(reached).toBe(0);
    expect(events).toEqual([
      { type: "door-refused", door: "cdp", reason: "something else than a socket is in its place" },
    ]);
  });

  it("never reaches a socket outside while a program exchanges its own with a link", async () => {
    const elsewhere = tempFolder();
    let reached = 0;
    await listenIn(
      elsewhere,
      "engine.sock",
      createServer((socket) => {
        reached += 1;
        socket.end("secret");
      }),
    );
    const { doors, folder } = await openWorld();
    await listenIn(folder, "cdp.sock", echo("own"));
    linkSync(join(folder, "cdp.sock"), join(folder, "kept"));
    const answers: string[] = [];
    for (let round = 0; round < 100; round += 1) {
      const client = await dial(doors.cdpPort);
      const answer = readAll(client);
      client.end();
      rmSync(join(folder, "cdp.sock"));
      if (round % 2 === 0) symlinkSync(join(elsewhere, "engine.sock"), join(folder, "cdp.sock"));
      else linkSync(join(folder, "kept"), join(folder, "cdp.sock"));
      answers.push(await answer);
    }
    expect(reached).toBe(0);
    expect(new Set(answers)).toEqual(new Set(["", "own"]));
  });

  it("tells that nobody listens, and lets in who comes when somebody does", async () => {
    const { doors, folder, events } = await openWorld();
    expect(await readAll(await dial(doors.cdpPort))).toBe("");
    expect(events).toEqual([
      { type: "door-refused", door: "cdp", reason: "the browser does not listen yet, or any more" },
    ]);
    await listenIn(folder, "cdp.sock", echo("now"));
    const client = await dial(doors.cdpPort);
    client.end();
    expect(await readAll(client)).toBe("now");
  });

  it("stops reading from whoever writes more than is taken", async () => {
    const { doors, folder } = await openWorld();
    const pouring = flood();
    await listenIn(folder, "cdp.sock", pouring.server);
    const client = await dial(doors.cdpPort);
    client.pause();
    await expectHeldBack(pouring, client);
  });

  it("closes connections beyond its limit, and says so", async () => {
    const { doors, folder, events } = await openWorld({ limits: { maxConnections: 2 } });
    await listenIn(folder, "cdp.sock", echo("hello"));
    const [first, second] = [await dial(doors.cdpPort), await dial(doors.cdpPort)];
    await Promise.all([readUntil(first, "hello"), readUntil(second, "hello")]);
    expect(await readAll(await dial(doors.cdpPort))).toBe("");
    expect(doors.connections()).toMatchObject({ cdp: 2, vnc: 0 });
    expect(events).toEqual([{ type: "door-refused", door: "cdp", reason: "too many connections are open" }]);
    first.destroy();
    await vi.waitUntil(() => doors.connections().cdp === 1);
    await readUntil(await dial(doors.cdpPort), "hello");
  });

  it("ends what is silent for too long, on both sides", async () => {
    const { doors, folder } = await openWorld({ limits: { idleTimeoutMs: 150 } });
    const inside = createServer();
    await listenIn(folder, "cdp.sock", inside);
    const [client, [far]] = await Promise.all([dial(doors.cdpPort), once(inside, "connection")]);
    await Promise.all([readAll(client), once(far.resume(), "close")]);
    await vi.waitUntil(() => doors.connections().cdp === 0);
  });

  it("ends the other side when one is cut", async () => {
    const { doors, folder } = await openWorld();
    const inside = createServer();
    await listenIn(folder, "cdp.sock", inside);
    const [client, [far]] = await Promise.all([dial(doors.cdpPort), once(inside, "connection")]);
    far.destroy();
    expect(await readAll(client)).toBe("");
    const [again, [farAgain]] = await Promise.all([dial(doors.cdpPort), once(inside, "connection")]);
    again.resetAndDestroy();
    await once(farAgain.resume(), "close");
  });
});

describe("openBrowserDoors", () => {
  it("closes everything at once, any number of times", async () => {
    const web = tempFolder();
    const { doors, folder } = await openWorld({ web: { folder: web, policy: publicWeb } });
    await listenIn(folder, "cdp.sock", echo("hello"));
    await listenIn(folder, "novnc.sock", fakeNoVnc().server);
    const client = await dial(doors.cdpPort);
    const way = await dial(join(web, "web.sock"));
    await readUntil(client, "hello");
    await Promise.all([doors.close(), doors.close()]);
    await doors.closed;
    await Promise.all([readAll(client), readAll(way)]);
    expect(doors.connections()).toEqual({ cdp: 0, vnc: 0, viewer: 0, web: 0 });
    for (const port of [doors.cdpPort, doors.vncPort ?? 0, doors.viewerPort ?? 0]) {
      await expect(dial(port)).rejects.toThrow("ECONNREFUSED");
    }
    await expect(dial(join(web, "web.sock"))).rejects.toThrow("ENOENT");
    expect(() => doors.createViewerLink()).toThrow(
      expect.objectContaining({ code: "BROWSER_VIEWER_ABSENT" }),
    );
  });

  it("is closed by its signal", async () => {
    const controller = new AbortController();
    const { doors } = await openWorld({ signal: controller.signal });
    controller.abort();
    await doors.closed;
    await expect(dial(doors.cdpPort)).rejects.toThrow("ECONNREFUSED");
  });

  it("opens nothing after its signal was aborted", async () => {
    await expect(openWorld({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("has no door to a screen that is not there", async () => {
    const { doors } = await openWorld({ screen: null });
    expect([doors.vncPort, doors.viewerPort]).toEqual([null, null]);
    expect(() => doors.createViewerLink()).toThrow(
      expect.objectContaining({ code: "BROWSER_VIEWER_ABSENT" }),
    );
  });

  it("leaves no door open when one of them cannot be opened", async () => {
    const taken = await listen(createServer(), { host: "127.0.0.1", port: 0 });
    const folder = tempFolder();
    const web = tempFolder();
    const opening = openWorld({ ports: { vnc: taken }, web: { folder: web, policy: publicWeb } }, folder);
    await expect(opening).rejects.toMatchObject({ code: "BROWSER_DOORS_FAILED" });
    await expect(dial(join(web, "web.sock"))).rejects.toThrow("ENOENT");
    await expect(openWorld({}, join(folder, "missing"))).rejects.toMatchObject({
      code: "BROWSER_DOORS_FAILED",
    });
    symlinkSync(folder, join(web, "link"));
    await expect(openWorld({}, join(web, "link"))).rejects.toMatchObject({ code: "BROWSER_DOORS_FAILED" });
  });

  it("replaces the socket of a proxy that has ended, and leaves that of one which has replaced its own", async () => {
    const web = tempFolder();
    writeFileSync(join(web, "web.sock"), "left");
    const { doors: old } = await openWorld({ web: { folder: web, policy: publicWeb } });
    await dial(join(web, "web.sock"));
    await openWorld({ web: { folder: web, policy: publicWeb } });
    await old.close();
    await dial(join(web, "web.sock"));
  });
});
