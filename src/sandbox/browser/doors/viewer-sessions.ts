import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Who may watch: links that work once, and the browsers in which one was opened. */
export interface ViewerSessions {
  /** The secret of a new link. */
  createLink(lifeMs: number): string;
  /** Uses a link up: the secret of a session; null where there is no such link, or none any more. */
  redeem(secret: string): string | null;
  isOpen(session: string): boolean;
}

/** Of each kind; the oldest goes. */
const mostAtOnce = 64;
const sessionLifeMs = 12 * 60 * 60_000;

/** `now` counts milliseconds and is never set back. Of secrets only digests are kept. */
export function createViewerSessions(now: () => number = () => performance.now()): ViewerSessions {
  const links: Kept[] = [];
  const sessions: Kept[] = [];
  return {
    createLink: (lifeMs) => keepNew(links, now() + lifeMs),
    redeem(secret) {
      const link = find(links, secret, now());
      if (link === null) return null;
      links.splice(links.indexOf(link), 1);
      return keepNew(sessions, now() + sessionLifeMs);
    },
    isOpen: (session) => find(sessions, session, now()) !== null,
  };
}

interface Kept {
  readonly digest: Buffer;
  readonly endsAt: number;
}

/** 192 bits. */
function keepNew(list: Kept[], endsAt: number): string {
  const secret = randomBytes(24).toString("base64url");
  if (list.push({ digest: digestOf(secret), endsAt }) > mostAtOnce) list.shift();
  return secret;
}

/** All are compared, each in constant time. */
function find(list: readonly Kept[], secret: string, now: number): Kept | null {
  const digest = digestOf(secret);
  const equal = list.filter((kept) => timingSafeEqual(kept.digest, digest));
  return equal.find(({ endsAt }) => now < endsAt) ?? null;
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
