import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import {
  openResponseStore,
  type ResponseStore,
  type StoredResponse,
  type StoreRequest,
} from "./response-store.ts";

export interface PackageCacheOptions {
  /** Where answers are kept. */
  readonly folder: string;
  /** Base URL of the npm registry behind `/npm/`. */
  readonly npmUpstream: string;
}

export interface PackageCache {
  /** At 127.0.0.1, and wherever else it listens. */
  readonly port: number;
  /** Takes requests at another address of this machine too; throws where it has no such address. */
  listenAt(address: string): Promise<void>;
  close(): Promise<void>;
}

/** What `GET /counts` answers, in JSON. */
export interface PackageCacheCounts {
  readonly requests: number;
  /** Those that had to be fetched, with their bodies. */
  readonly fetched: number;
  readonly byPath: Readonly<Record<string, number>>;
}

/**
 * One small cache of packages for everything that a run builds, so that the network is asked once:
 *
 * - as an HTTP proxy (`http_proxy=http://address:port`), which apt uses with any mirror;
 * - as an apt mirror: `/apt/HOST/debian` stands for `http://HOST/debian`;
 * - as an npm registry at `/npm/`, with tarball URLs in metadata leading back here.
 *
 * Only GET and HEAD; a range is answered with the whole, which HTTP allows.
 */
export async function startPackageCache(options: PackageCacheOptions): Promise<PackageCache> {
  const store = await openResponseStore(options.folder);
  const npmUpstream = options.npmUpstream.replace(/\/?$/, "/");
  const byPath = new Map<string, number>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? "/";
    if (url === "/counts") return answerCounts(response, store, byPath);
    byPath.set(url, (byPath.get(url) ?? 0) + 1);
    const wanted = routeRequest(url, request.headers.accept ?? "", npmUpstream);
    if (wanted === null || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(wanted === null ? 404 : 405).end();
      return;
    }
    const stored = await store.get(wanted);
    if (wanted.url.startsWith(npmUpstream) && !wanted.immutable && stored.file !== null) {
      await answerMetadata(response, stored, npmUpstream, `http://${request.headers.host}/npm/`);
    } else {
      await answerStored(request, response, stored);
    }
  }

  const servers: Server[] = [];
  async function listenAt(address: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      handle(request, response).catch((error: unknown) => failRequest(response, error));
    });
    const boundPort = await listen(server, address, port);
    servers.push(server);
    return boundPort;
  }

  const port = await listenAt("127.0.0.1", 0);
  return {
    port,
    async listenAt(address) {
      await listenAt(address, port);
    },
    async close() {
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** What to fetch for a request line's target, or null where it names nothing that this cache gives. */
function routeRequest(target: string, accept: string, npmUpstream: string): StoreRequest | null {
  if (target.startsWith("/npm/")) {
    const url = npmUpstream + target.slice("/npm/".length);
    const immutable = url.endsWith(".tgz");
    return { url, accept: immutable ? "" : accept, immutable };
  }
  const url = target.startsWith("/apt/") ? `http://${target.slice("/apt/".length)}` : target;
  if (!url.startsWith("http://")) return null;
  return { url, accept: "", immutable: url.endsWith(".deb") || url.includes("/by-hash/") };
}

async function answerMetadata(
  response: ServerResponse,
  stored: StoredResponse,
  upstream: string,
  base: string,
): Promise<void> {
  const text = stored.file === null ? "" : await readFile(stored.file, "utf8");
  const body = Buffer.from(text.replaceAll(`"${upstream}`, `"${base}`));
  response.writeHead(200, {
    "content-type": stored.headers["content-type"] ?? "application/json",
    "content-length": body.length,
  });
  response.end(body);
}

async function answerStored(
  request: IncomingMessage,
  response: ServerResponse,
  stored: StoredResponse,
): Promise<void> {
  if (stored.file === null) {
    response.writeHead(stored.status, { ...stored.headers, "content-length": stored.body.length });
    response.end(request.method === "HEAD" ? undefined : stored.body);
    return;
  }
  if (isUnchanged(request, stored)) {
    response.writeHead(304, stored.headers).end();
    return;
  }
  const { size } = await stat(stored.file);
  response.writeHead(200, { ...stored.headers, "content-length": size });
  if (request.method === "HEAD") response.end();
  else await pipeline(createReadStream(stored.file), response);
}

function isUnchanged(request: IncomingMessage, stored: StoredResponse): boolean {
  const since = Date.parse(request.headers["if-modified-since"] ?? "");
  const modified = Date.parse(stored.headers["last-modified"] ?? "");
  return modified <= since;
}

function answerCounts(response: ServerResponse, store: ResponseStore, byPath: Map<string, number>): void {
  let requests = 0;
  for (const count of byPath.values()) requests += count;
  const counts: PackageCacheCounts = {
    requests,
    fetched: store.fetchedCount(),
    byPath: Object.fromEntries(byPath),
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(counts));
}

// A client that went away needs no answer, and one that has the head of an answer cannot be given another.
function failRequest(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(502, { "content-type": "text/plain" }).end(`package cache: ${String(error)}\n`);
}

async function listen(server: Server, address: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}
