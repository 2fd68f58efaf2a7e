import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import {
  answerViewer,
  plainAnswer,
  refuseUpgrade,
  type ViewerAnswer,
  type ViewerGround,
} from "./answer-viewer.ts";
import type { BrowserDoorEvent, DoorLimits, ViewerLink } from "./browser-doors.ts";
import { type ConnectDoorResult, connectDoor, type DoorAddress } from "./connect-door.ts";
import { describeFault } from "./describe-fault.ts";
import { endWith } from "./end-with.ts";
import { forwardFile, forwardUpgrade } from "./forward-to-novnc.ts";
import { listenOnLoopback } from "./listen-on-loopback.ts";
import type { OpenDoor } from "./relay-door.ts";
import { viewerHeaders } from "./viewer-headers.ts";
import { createViewerSessions } from "./viewer-sessions.ts";

export interface ViewerRequest {
  /** noVNC's. */
  readonly address: DoorAddress;
  /** Of 127.0.0.1; 0: a free one. */
  readonly port: number;
  readonly vncPassword: string;
  readonly linkSecret: string | null;
  readonly limits: DoorLimits;
  readonly tell: (event: BrowserDoorEvent) => void;
}

export interface Viewer extends OpenDoor {
  createLink(lifeMs?: number): ViewerLink;
}

/** How long a link waits for its person, where nothing else is said. */
export const usualLinkLifeMs = 60_000;
const longestLinkLifeMs = 24 * 60 * 60_000;

/**
 * Shows a browser's screen to a person. A link (`/watch/SECRET`) works once: the browser in which it is opened gets a
 * cookie and is sent on to noVNC, with VNC's password in the fragment, which no server and no Referer ever sees. Everything
 * else needs the cookie. Only names of this machine's loopback are taken for a `Host`, so that no page of the web gets in
 * under a name of its own; a WebSocket must come from a page of the viewer's. Throws `BROWSER_DOORS_FAILED`.
 */
export async function startViewer({ address, port, limits, tell, ...who }: ViewerRequest): Promise<Viewer> {
  const closing = new AbortController();
  const server = createServer({ maxHeaderSize: 16 * 1024, headersTimeout: 5000, requestTimeout: 10_000 });
  server.maxConnections = limits.maxConnections;
  const door = await listenOnLoopback(server, { port, beforeClose: () => closing.abort() });
  const sessions = createViewerSessions();
  const createLink = (lifeMs = usualLinkLifeMs): ViewerLink => {
    const life = Math.min(Math.max(1, lifeMs), longestLinkLifeMs);
    return { url: `http://127.0.0.1:${door.port}/watch/${sessions.createLink(life)}`, lifeMs: life };
  };
  // Browsers do not tell cookies of two ports of one host apart.
  const cookieName = `skillcrate-viewer-${randomBytes(6).toString("hex")}`;
  const viewing: Viewing = {
    ground: { sessions, cookieName, createLink, ...who },
    connect: () => connectDoor(address, { timeoutMs: limits.connectTimeoutMs, signal: closing.signal }),
    idleTimeoutMs: limits.idleTimeoutMs,
    refused: (reason) => tell({ type: "door-refused", door: "viewer", reason }),
  };
  server.on("request", (request, response) => {
    show(request, response, viewing).catch((error: unknown) => {
      response.destroy();
      viewing.refused(describeFault(error));
    });
  });
  server.on("upgrade", (request, client, head) => {
    upgrade(request, head, viewing).catch((error: unknown) => {
      client.destroy();
      viewing.refused(describeFault(error));
    });
  });
  return { ...door, createLink };
}

interface Viewing {
  readonly ground: ViewerGround;
  readonly connect: () => Promise<ConnectDoorResult>;
  readonly idleTimeoutMs: number;
  readonly refused: (reason: string) => void;
}

async function show(request: IncomingMessage, response: ServerResponse, viewing: Viewing): Promise<void> {
  const { ground, connect, refused } = viewing;
  const say = ({ status, headers, body, refused: reason }: ViewerAnswer): void => {
    if (reason !== undefined) refused(reason);
    if (response.headersSent) response.destroy();
    else response.writeHead(status, headers).end(body);
  };
  const fail = (reason: string): void =>
    say(plainAnswer(502, `This browser cannot be watched: ${reason}.`, reason));
  // Nothing is sent to a viewer.
  request.resume();
  const own = answerViewer(request, ground);
  if (own !== null) {
    say(own);
    return;
  }
  const connected = await connect();
  const headers = viewerHeaders({ host: request.headers.host ?? "" });
  if (connected.ok) forwardFile(request, response, connected.socket, headers, fail);
  else fail(connected.reason);
}

async function upgrade(request: IncomingMessage, head: Buffer, viewing: Viewing): Promise<void> {
  const client: Socket = request.socket;
  client.on("error", () => client.destroy());
  const refuse = (status: string, reason: string): void => {
    viewing.refused(reason);
    endWith(client, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  };
  const reason = refuseUpgrade(request, viewing.ground);
  if (reason !== null) {
    refuse("403 Forbidden", reason);
    return;
  }
  const connected = await viewing.connect();
  const fail = (why: string): void => refuse("502 Bad Gateway", why);
  if (connected.ok) forwardUpgrade(request, head, connected.socket, viewing.idleTimeoutMs, fail);
  else fail(connected.reason);
}
