import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp-folder.ts";

export interface CountingProxy {
  readonly socketPath: string;
  /** `METHOD /path` of every request so far, in the order in which they came. */
  readonly requests: string[];
}

/** A socket that leads to the engine of the tests and takes down what is asked. */
export async function startCountingProxy(): Promise<CountingProxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const upstreamPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const server = createServer((client) => {
    const upstream = connect(upstreamPath);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => [client, upstream].map((either) => either.destroy()));
    }
    client.on("data", (chunk) => {
      for (const [, request] of chunk.toString("latin1").matchAll(requestLine)) requests.push(request ?? "");
    });
    client.pipe(upstream).pipe(client);
  });
  const socketPath = join(tempFolder(), "engine.sock");
  server.listen(socketPath);
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { socketPath, requests };
}

const requestLine = /^((?:GET|HEAD|POST|PUT|DELETE) \/\S*) HTTP\/1\.1\r$/gm;
