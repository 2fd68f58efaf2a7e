import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { throwIfCancelled } from "../../../host/throw-if-cancelled.ts";
import { answerTunnel } from "./answer-tunnel.ts";
import { forwardRequest } from "./forward-request.ts";
import type { OwnNetworks } from "./judge-address.ts";
import { listenInFolder } from "./listen-in-folder.ts";
import { createLookUp, type LookUpName } from "./look-up-name.ts";
import type { WebGround } from "./reach-destination.ts";
import { readOwnNetworks } from "./read-own-networks.ts";
import { tellFault } from "./web-answer.ts";
import type { WebEvent, WebLimits } from "./web-event.ts";
import type { WebPolicy } from "./web-policy.ts";

export interface WebProxyRequest {
  /** Absolute; `web.sock` is made in it, for everybody who gets into it. */
  readonly folder: string;
  readonly policy: WebPolicy;
  readonly limits?: Partial<WebLimits>;
  readonly onEvent?: (event: WebEvent) => void;
  /** How names are looked up; by default by this machine's name servers. */
  readonly lookUp?: LookUpName;
  /** What this machine is; by default as its interfaces tell. */
  readonly readOwn?: () => OwnNetworks;
  /** Aborted before it listens: `CANCELLED`; afterwards: it is closed. */
  readonly signal?: AbortSignal;
}

export interface WebProxy {
  /** Of clients, right now. */
  connections(): number;
  /** Ends all connections, and takes the socket away. Any number of calls. */
  close(): Promise<void>;
}

export const webSocketName = "web.sock";

/**
 * An HTTP proxy at a Unix socket, for a browser without a network: `CONNECT`, and requests in absolute form. It reaches
 * the public internet, and what the policy opens; everything else is answered 403 with the rule, what does not answer 502,
 * what is no request for a proxy 400. It adds no header and keeps none.
 *
 * Throws `BROWSER_DOORS_FAILED` where the socket cannot be made, and `CANCELLED`.
 */
export async function startWebProxy(request: WebProxyRequest): Promise<WebProxy> {
  const { folder, policy, onEvent, lookUp = createLookUp(), readOwn = readOwnNetworks, signal } = request;
  throwIfCancelled(signal);
  const limits = { ...usualLimits, ...request.limits };
  const clients = new Set<Socket>();
  const server = createProxyServer({ policy, limits, lookUp, readOwn }, (event) => onEvent?.(event));
  server.on("connection", (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
  });
  const removeSocket = await listenInFolder(server, folder, webSocketName);
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    signal?.removeEventListener("abort", close);
    closing ??= new Promise((resolve) => {
      removeSocket();
      server.close(() => resolve());
      for (const client of clients) client.destroy();
    });
    return closing;
  };
  signal?.addEventListener("abort", close, { once: true });
  if (signal?.aborted === true) await close();
  throwIfCancelled(signal);
  return { connections: () => clients.size, close };
}

const usualLimits: WebLimits = {
  maxConnections: 256,
  headBytes: 64 * 1024,
  headTimeoutMs: 10_000,
  lookupTimeoutMs: 10_000,
  connectTimeoutMs: 30_000,
  idleTimeoutMs: 15 * 60_000,
};

function createProxyServer(ground: WebGround, tell: (event: WebEvent) => void): Server {
  const { limits } = ground;
  const server = createServer({
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.headTimeoutMs,
    // An upload may take its time; a silent one is ended by the idle time.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.min(1000, limits.headTimeoutMs),
    insecureHTTPParser: false,
  });
  server.timeout = limits.idleTimeoutMs;
  server.maxConnections = limits.maxConnections;
  server.on("connect", (request, client, head) => {
    answerTunnel(request, head, ground, tell).catch((error: unknown) => {
      client.destroy();
      tell(tellFault(request.url ?? "", error));
    });
  });
  server.on("request", (request, response) => {
    forwardRequest(request, response, ground, tell).catch((error: unknown) => {
      response.destroy();
      tell(tellFault(request.url ?? "", error));
    });
  });
  return server;
}
