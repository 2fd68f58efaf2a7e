import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { tempFolder } from "./temp-folder.ts";

/** What a fake engine does with one request, by `METHOD /path` without the query; missing ones are answered by 404. */
export type FakeAnswers = Readonly<
  Record<string, (response: ServerResponse, request: IncomingMessage) => void>
>;

export interface FakeEngine {
  readonly socketPath: string;
  /** `METHOD /path?query` of every request so far. */
  readonly requests: readonly string[];
}

/** An engine on a socket of its own that can be made to answer as no real one would. */
export async function startFakeEngine(answers: FakeAnswers, name = "engine.sock"): Promise<FakeEngine> {
  const requests: string[] = [];
  const listener: RequestListener = (request, response) => {
    const url = request.url ?? "";
    requests.push(`${request.method} ${url}`);
    const answer = { ...healthy, ...answers }[`${request.method} ${url.split("?")[0]}`];
    if (answer === undefined) sendJson({ message: "page not found" }, 404)(response);
    else answer(response, request);
  };
  const server = createServer(listener);
  // Whoever asks for an upgrade gets an answer like others, or raw bytes through the request's socket.
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    const response = new ServerResponse(request);
    response.assignSocket(socket);
    response.on("finish", () => socket.end());
    socket.on("error", () => {});
    listener(request, response);
  });
  const socketPath = join(tempFolder(), name);
  server.listen(socketPath);
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { socketPath, requests };
}

/** Connects to a fake engine as a user would who names it. */
export function connectTo(fake: FakeEngine, deadlineMs = 10_000): Promise<Engine> {
  const env = { DOCKER_HOST: `unix://${fake.socketPath}` };
  return connectEngine({ env, homeDir: "/nonexistent", deadlineMs });
}

export function sendJson(value: unknown, status = 200): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(value));
  };
}

/** Sends these texts as one chunk each and ends. */
export function sendChunks(...chunks: readonly (string | Uint8Array)[]): (response: ServerResponse) => void {
  return (response) => {
    for (const chunk of chunks) response.write(chunk);
    response.end();
  };
}

export const version = { Version: "99.0", ApiVersion: "1.99", Os: "linux", Arch: "amd64", Components: [] };

const healthy: FakeAnswers = {
  "GET /version": sendJson(version),
  "GET /_ping": (response) => response.end("OK"),
};
