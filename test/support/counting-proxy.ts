import { connect, createServer } from "node:net";
import { join } from "node:path";
import { listen } from "./listen.ts";
import { tempFolder } from "./temp-folder.ts";

export interface CountingProxy {
  readonly socketPath: string;
  /** `METHOD /path` of every request so far, in the order in which they came. */
  readonly requests: string[];
}

/** A socket that leads to the engine of the tests and takes down what is asked. */
export async function startCountingProxy(): Promise<CountingProxy> {
  const requests: string[] = [];
  const upstreamPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const server = createServer((client) => {
    const upstream = connect(upstreamPath);
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    client.on("data", (chunk) => {
      for (const [, request] of chunk.toString("latin1").matchAll(requestLine)) requests.push(request ?? "");
    });
    client.pipe(upstream).pipe(client);
  });
  const socketPath = join(tempFolder(), "engine.sock");
  await listen(server, socketPath);
  return { socketPath, requests };
}

const requestLine = /^((?:GET|HEAD|POST|PUT|DELETE) \/\S*) HTTP\/1\.1\r$/gm;
