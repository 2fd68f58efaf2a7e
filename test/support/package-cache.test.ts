import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PackageCache, type PackageCacheCounts, startPackageCache } from "./package-cache.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let cache: PackageCache;
let upstream: { readonly base: string; readonly seen: IncomingMessage[]; close(): Promise<void> };
let answer: Answer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "package-cache-"));
  answer = (_request, response) => response.end("hello");
  upstream = await startUpstream();
  cache = await start();
});

afterEach(async () => {
  await cache.close();
  await upstream.close();
  await rm(folder, { recursive: true });
});

function start(): Promise<PackageCache> {
  return startPackageCache({ folder, npmUpstream: `${upstream.base}/registry` });
}

async function startUpstream(): Promise<typeof upstream> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Got {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingMessage["headers"];
}

/** A request line as proxies get it: the whole URL, or a path of the cache's own. */
function get(target: string, headers: Record<string, string> = {}, method = "GET"): Promise<Got> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port: cache.port, path: target, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      });
    })
      .on("error", reject)
      .end();
  });
}

async function counts(): Promise<PackageCacheCounts> {
  return JSON.parse((await get("/counts")).text);
}

describe("as an apt proxy", () => {
  it("fetches a package once, for several clients at once and for later runs", async () => {
    const deb = `${upstream.base}/pool/a.deb`;
    const got = await Promise.all([get(deb), get(deb), get(deb)]);
    expect(got.map(({ text }) => text)).toEqual(["hello", "hello", "hello"]);
    await cache.close();
    cache = await start();
    expect((await get(deb)).text).toBe("hello");
    expect(upstream.seen).toHaveLength(1);
  });

  it("asks for an index once in a run, and then only whether it changed", async () => {
    const index = `${upstream.base}/dists/bookworm/InRelease`;
    answer = (request, response) => {
      if (request.headers["if-none-match"] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end("index 1");
    };
    await get(index);
    await get(index);
    expect(upstream.seen).toHaveLength(1);
    await cache.close();
    cache = await start();
    expect((await get(index)).text).toBe("index 1");
    expect(upstream.seen).toHaveLength(2);
    expect(await counts()).toEqual({ requests: 1, fetched: 0, byPath: { [index]: 1 } });
    await cache.close();
    cache = await start();
    answer = (_request, response) => response.writeHead(200, { etag: '"2"' }).end("index 2");
    expect((await get(index)).text).toBe("index 2");
  });

  it("tells a client that its copy is good, and sends the whole for a range", async () => {
    const modified = "Sat, 10 Jun 2023 00:00:00 GMT";
    answer = (_request, response) => response.writeHead(200, { "last-modified": modified }).end("hello");
    const index = `${upstream.base}/Release`;
    expect((await get(index, { "if-modified-since": modified })).status).toBe(304);
    expect((await get(index, { range: "bytes=2-" })).text).toBe("hello");
  });

  it("is also a mirror", async () => {
    answer = (request, response) => response.end(request.url);
    const host = upstream.base.replace("http://", "");
    expect((await get(`/apt/${host}/debian/pool/b.deb`)).text).toBe("/debian/pool/b.deb");
  });

  it("passes on an answer other than 200, and asks again the next time", async () => {
    answer = (_request, response) => response.writeHead(404).end("none");
    const index = `${upstream.base}/missing`;
    expect(await get(index)).toMatchObject({ status: 404, text: "none" });
    answer = (_request, response) => response.end("there now");
    expect(await get(index)).toMatchObject({ status: 200, text: "there now" });
  });

  it("keeps nothing of a transfer that broke", async () => {
    const deb = `${upstream.base}/pool/c.deb`;
    answer = (_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 20);
    };
    expect((await get(deb)).status).toBe(502);
    answer = (_request, response) => response.end("whole");
    expect((await get(deb)).text).toBe("whole");
  });
});

describe("as an npm registry", () => {
  it("leads tarball URLs back to itself, and keeps tarballs", async () => {
    answer = (request, response) => {
      if (request.url?.endsWith(".tgz")) return void response.end("tarball");
      const tarball = `${upstream.base}/registry/left-pad/-/left-pad-1.0.0.tgz`;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ versions: { "1.0.0": { dist: { tarball } } } }));
    };
    const metadata = JSON.parse((await get("/npm/left-pad")).text);
    const { tarball } = metadata.versions["1.0.0"].dist;
    expect(tarball).toBe(`http://127.0.0.1:${cache.port}/npm/left-pad/-/left-pad-1.0.0.tgz`);
    expect((await get(new URL(tarball).pathname)).text).toBe("tarball");
    await get(new URL(tarball).pathname);
    expect(upstream.seen).toHaveLength(2);
  });

  it("keeps full and abbreviated metadata apart", async () => {
    answer = (request, response) => response.end(request.headers.accept);
    expect((await get("/npm/a", { accept: "application/json" })).text).toBe("application/json");
    expect((await get("/npm/a", { accept: "text/plain" })).text).toBe("text/plain");
  });
});

describe("refuses", () => {
  it.each([
    ["another scheme", "ftp://host/a.deb"],
    ["a path of no use", "/etc/passwd"],
  ])("%s", async (_what, target) => {
    expect((await get(target)).status).toBe(404);
    expect(upstream.seen).toHaveLength(0);
  });

  it("to send anything", async () => {
    expect((await get(`${upstream.base}/a.deb`, {}, "POST")).status).toBe(405);
    expect(upstream.seen).toHaveLength(0);
  });

  it("to wait for a server that is not there", async () => {
    await upstream.close();
    expect((await get(`${upstream.base}/a.deb`)).status).toBe(502);
    upstream = await startUpstream();
  });
});
