import { request as httpRequest } from "node:http";
import { SkillcrateError } from "../../../diagnostic/skillcrate-error.ts";
import { throwIfCancelled } from "../../../host/throw-if-cancelled.ts";
import type { ViewerLink } from "./browser-doors.ts";
import { usualLinkLifeMs } from "./start-viewer.ts";

export interface ViewerLinkRequest {
  /** As the process that keeps the doors has it. */
  readonly viewerPort: number;
  readonly linkSecret: string;
  /** A minute by default. */
  readonly lifeMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks the process that keeps a browser's doors open, which may be another one, for a link to watch it. Throws
 * `BROWSER_VIEWER_ABSENT` where nobody gives any, and `CANCELLED`.
 */
export async function requestViewerLink(request: ViewerLinkRequest): Promise<ViewerLink> {
  const { viewerPort, linkSecret, lifeMs = usualLinkLifeMs, signal } = request;
  throwIfCancelled(signal);
  const answer = await ask(viewerPort, linkSecret, Math.ceil(lifeMs), signal);
  throwIfCancelled(signal);
  const link = answer === null ? null : readLink(answer, viewerPort);
  if (link !== null) return link;
  throw new SkillcrateError(
    "BROWSER_VIEWER_ABSENT",
    `Nobody gives links at port ${viewerPort} of 127.0.0.1.`,
    {
      hint: "Start the browser again: skillcrate sandbox browser start",
    },
  );
}

/** The body of an answer that says yes; null: there is none. */
function ask(
  port: number,
  linkSecret: string,
  lifeMs: number,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = httpRequest({
      host: "127.0.0.1",
      port,
      method: "POST",
      path: `/links?lifeMs=${lifeMs}`,
      headers: { authorization: `Bearer ${linkSecret}` },
      agent: false,
      timeout: 5000,
      ...(signal === undefined ? {} : { signal }),
    });
    asked.on("timeout", () => asked.destroy(new Error("silent")));
    asked.on("error", () => resolve(null));
    asked.on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
        if (text.length > 10_000) answer.destroy();
      });
      answer.on("close", () => resolve(answer.statusCode === 201 ? text : null));
    });
    asked.end();
  });
}

/** Another program may have the port by now. */
function readLink(text: string, port: number): ViewerLink | null {
  const [, url, lifeMs] =
    /^\{"url":"(http:\/\/127\.0\.0\.1:\d+\/watch\/[\w-]{32})","lifeMs":(\d+)\}$/.exec(text) ?? [];
  if (url === undefined || !url.startsWith(`http://127.0.0.1:${port}/`)) return null;
  return { url, lifeMs: Number(lifeMs) };
}
