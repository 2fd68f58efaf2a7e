import type { EngineLink } from "./engine-link.ts";
import { followBytes, type StreamRequest } from "./follow-bytes.ts";
import { isObject } from "./is-object.ts";
import { type JsonMessage, readJsonLines } from "./read-json-lines.ts";

/**
 * The messages of a build, an import or a transfer, as they come. dockerode's `followProgress` reports neither a failed
 * build nor cut JSON.
 */
export function followMessages(link: EngineLink, request: StreamRequest): AsyncGenerator<JsonMessage> {
  return readJsonLines(followBytes(link, request), request.doing);
}

/** What a message says went wrong, or null: failures come in the stream, after a status of 200. */
export function failureOf(message: JsonMessage): string | null {
  const detail = message["errorDetail"];
  const text = isObject(detail) ? detail["message"] : undefined;
  if (typeof text === "string") return text.trim();
  return typeof message["error"] === "string" ? message["error"].trim() : null;
}
