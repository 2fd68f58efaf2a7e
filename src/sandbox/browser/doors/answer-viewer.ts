import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ViewerLink } from "./browser-doors.ts";
import { viewerHeaders } from "./viewer-headers.ts";
import { viewerPage } from "./viewer-page.ts";
import type { ViewerSessions } from "./viewer-sessions.ts";

/** What a viewer knows of who may watch. */
export interface ViewerGround {
  readonly sessions: ViewerSessions;
  readonly cookieName: string;
  readonly vncPassword: string;
  readonly linkSecret: string | null;
  createLink(lifeMs: number): ViewerLink;
}

export interface ViewerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Worth telling: a clause. */
  readonly refused?: string;
}

/** What the viewer itself answers; null: noVNC is asked for a file. */
export function answerViewer(request: IncomingMessage, ground: ViewerGround): ViewerAnswer | null {
  const { url = "", method, headers } = request;
  const { host } = headers;
  if (!isLoopback(host))
    return plainAnswer(403, "This Host header is not taken here.", "a foreign Host header");
  if (url.startsWith("/links")) return answerLink(request, ground);
  if (method !== "GET" && method !== "HEAD") return plainAnswer(405, "Only GET is taken here.");
  if (url.startsWith("/watch/")) return answerWatch(request, host, ground);
  return isWatching(request, ground) ? null : plainAnswer(403, "Ask for a new link to watch this browser.");
}

/** Why a WebSocket is not passed on to noVNC, as a clause; null: it is. */
export function refuseUpgrade(request: IncomingMessage, ground: ViewerGround): string | null {
  const { host, origin } = request.headers;
  if (!isLoopback(host)) return "a foreign Host header";
  if (origin !== `http://${host}`) return "a WebSocket from elsewhere than the viewer's own page";
  return isWatching(request, ground) ? null : "a WebSocket without the viewer's cookie";
}

/** One line of text. */
export function plainAnswer(status: number, text: string, refused?: string): ViewerAnswer {
  const headers = { ...viewerHeaders({ host: "127.0.0.1" }), "content-type": "text/plain; charset=utf-8" };
  return { status, headers, body: `${text}\n`, ...(refused === undefined ? {} : { refused }) };
}

/** For another process of this user; no page asks for links, whatever it knows. */
function answerLink({ url = "", method, headers }: IncomingMessage, ground: ViewerGround): ViewerAnswer {
  const { authorization = "", origin } = headers;
  const isKnown = ground.linkSecret !== null && isEqual(authorization, `Bearer ${ground.linkSecret}`);
  if (!isKnown || origin !== undefined) {
    return plainAnswer(403, "Links are not given to everybody.", "a link was asked for without the right to");
  }
  const lifeMs = /^\/links\?lifeMs=(\d{1,9})$/.exec(url)?.[1];
  if (method !== "POST" || lifeMs === undefined) return plainAnswer(400, "POST /links?lifeMs=N");
  const body = JSON.stringify(ground.createLink(Number(lifeMs)));
  return { ...plainAnswer(201, ""), body };
}

function answerWatch(
  { url = "", method, headers }: IncomingMessage,
  host: string,
  ground: ViewerGround,
): ViewerAnswer {
  // A browser that looks ahead, or a program that asks what this is, must not use the link up.
  const purpose = String(headers["sec-purpose"] ?? headers["purpose"]);
  if (method !== "GET" || /prefetch|prerender|preview/.test(purpose))
    return plainAnswer(503, "Open this link by hand.");
  const session = ground.sessions.redeem(url.slice("/watch/".length));
  if (session === null) {
    const reason = "a link that was used before, is too old, or never was one";
    return plainAnswer(403, "This link was used before, or is too old. Ask for a new one.", reason);
  }
  const nonce = randomBytes(16).toString("base64url");
  return {
    status: 200,
    headers: {
      ...viewerHeaders({ host, nonce }),
      "content-type": "text/html; charset=utf-8",
      "set-cookie": `${ground.cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    },
    body: viewerPage(ground.vncPassword, nonce),
  };
}

/** Whatever the port: it may be forwarded from another machine under another one. */
function isLoopback(host: string | undefined): host is string {
  return /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/i.test(host ?? "");
}

/** Another port of this host can add cookies of the same name; only ours counts. */
function isWatching({ headers }: IncomingMessage, { sessions, cookieName }: ViewerGround): boolean {
  const pairs = (headers.cookie ?? "").split(";").map((pair) => pair.trim());
  const ours = pairs.filter((pair) => pair.startsWith(`${cookieName}=`));
  return ours.some((pair) => sessions.isOpen(pair.slice(cookieName.length + 1)));
}

function isEqual(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
