import { STATUS_CODES } from "node:http";
import { quoteValue } from "../../../diagnostic/quote-value.ts";
import { redactUrl } from "../../../source/redact-url.ts";
import { type Destination, formatAuthority } from "./parse-destination.ts";
import type { Reached } from "./reach-destination.ts";
import type { WebEvent } from "./web-event.ts";
import { type WebRule, webRules } from "./web-rule.ts";

/** What a proxy says instead of passing something on. */
export interface WebAnswer {
  readonly status: 400 | 403 | 502;
  /** One line of plain text that names the rule. */
  readonly text: string;
  readonly event: WebEvent;
}

/** For a target that is no destination. */
export function answerUnread(target: string, rule: WebRule): WebAnswer {
  const host = quoteValue(redactUrl(target));
  return {
    status: rule === "not-a-destination" ? 400 : 403,
    text: `${rule}: ${host}: ${webRules[rule]}`,
    event: { type: "web-refused", host, port: null, address: null, rule, reason: webRules[rule] },
  };
}

/** For a destination to which there is no connection. */
export function answerUnreached(
  destination: Destination,
  reached: Exclude<Reached, { kind: "open" }>,
): WebAnswer {
  const { host, port } = destination;
  const shown = { host: host.kind === "name" ? host.name : host.text, port };
  const authority = formatAuthority(destination, 0);
  const { reason } = reached;
  if (reached.kind === "failed") {
    return { status: 502, text: `${authority}: ${reason}`, event: { type: "web-failed", ...shown, reason } };
  }
  const { rule, address } = reached;
  const at = address === null || address === shown.host ? "" : ` is at ${address}`;
  return {
    status: 403,
    text: `${rule}: ${authority}${at}: ${reason}`,
    event: { type: "web-refused", ...shown, address, rule, reason },
  };
}

/** What this program does not expect; whoever asked gets no answer. */
export function tellFault(target: string, error: unknown): WebEvent {
  const reason = `the proxy itself failed: ${error instanceof Error ? error.message : String(error)}`;
  return { type: "web-failed", host: quoteValue(redactUrl(target)), port: null, reason };
}

/** The headers of such an answer. */
export function answerHeaders({ text }: WebAnswer): Record<string, string> {
  return {
    "content-type": "text/plain; charset=utf-8",
    "content-length": String(Buffer.byteLength(text) + 1),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    connection: "close",
  };
}

/** All of it, for a connection that is no longer the HTTP server's. */
export function formatAnswer(answer: WebAnswer): string {
  const headers = Object.entries(answerHeaders(answer)).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${headers.join("")}\r\n${answer.text}\n`;
}
