import { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { everyStatus, messageOf, readBody } from "../port/ask-engine.ts";
import { connectionError, protocolError } from "../port/engine-error.ts";
import type { EngineLink } from "../port/engine-link.ts";

export interface UpgradeRequest {
  readonly path: string;
  readonly body: object;
  /** Completes "cannot …" in an error message. */
  readonly doing: string;
}

/** The connection itself, or what the engine says instead. */
export type UpgradeAnswer = { readonly socket: Duplex } | { readonly status: number; readonly text: string };

/**
 * Sends a request whose connection then carries bytes both ways, each way ended by itself. The signal calls it off until
 * it has been answered; whoever gets the socket owns it.
 */
export async function upgradeConnection(
  link: EngineLink,
  request: UpgradeRequest,
  signal: AbortSignal,
): Promise<UpgradeAnswer> {
  const { doing } = request;
  const answer = await dial(link, request, signal).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : connectionError(error, link, doing);
  });
  if (!(answer instanceof IncomingMessage)) return { socket: answer };
  const text = await readBody(answer, doing).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : connectionError(error, link, doing);
  });
  const status = answer.statusCode ?? 0;
  if (status < 400) throw protocolError(doing, "the engine does not open the command's streams");
  return { status, text: messageOf(text) };
}

function dial(
  link: EngineLink,
  { path, body }: UpgradeRequest,
  abortSignal: AbortSignal,
): Promise<Duplex | IncomingMessage> {
  const options = {
    method: "POST",
    path,
    abortSignal,
    hijack: true,
    isStream: true,
    statusCodes: everyStatus,
  };
  return new Promise((resolve, reject) => {
    link.modem.dial({ ...options, options: { _body: body } }, (error, answer) => {
      if (answer instanceof IncomingMessage || answer instanceof Duplex) resolve(answer);
      else reject(error);
    });
  });
}
