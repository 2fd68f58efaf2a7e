import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { listen } from "./listen.ts";
import { tempFolder } from "./temp-folder.ts";

/**
 * What happens to one request. The first three come before the engine hears of it, the others after the engine has done
 * what was asked: `cut`: the connection ends. `freeze`: from now on nothing is answered any more. `refuse`: status 500.
 * `garble`: the answer is cut JSON.
 */
export const faultsBefore = ["cut", "freeze", "refuse"] as const;
export const faultsAfter = ["cut-answer", "freeze-answer", "refuse-answer", "garble"] as const;
export type EngineFault = (typeof faultsBefore)[number] | (typeof faultsAfter)[number];

export interface FaultyProxy {
  readonly socketPath: string;
  /** The `at`-th request from now on (the first is 1) meets the fault. */
  arm(at: number, fault: EngineFault): void;
  /** Everything is answered again. Gives `METHOD /path` of what was asked since it was armed. */
  disarm(): readonly string[];
}

/** A socket that leads to the engine of the tests, and fails on demand. Pings are not counted. */
export async function startFaultyProxy(): Promise<FaultyProxy> {
  const upstreamPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  let armed: { readonly at: number; readonly fault: EngineFault } | null = null;
  let frozen = false;
  let requests: string[] = [];

  /** The fault that a request meets. */
  const meet = ({ method, url = "" }: IncomingMessage): EngineFault | null => {
    if (frozen) return "freeze";
    if (url.endsWith("/_ping")) return null;
    requests.push(`${method} ${url.split("?")[0]}`);
    const fault = armed?.at === requests.length ? armed.fault : null;
    if (fault?.startsWith("freeze")) frozen = true;
    return fault;
  };
  const server = createServer((request, response) => {
    const fault = meet(request);
    if (fault === "freeze") return;
    if (fault === "cut") return void request.socket.destroy();
    if (fault === "refuse") return refuse(response);
    const forwarded = httpRequest(
      { socketPath: upstreamPath, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        if (fault === null)
          return void answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
        // The engine has done it.
        answer.resume().on("end", () => {
          if (fault === "cut-answer") request.socket.destroy();
          if (fault === "refuse-answer") refuse(response);
          if (fault === "garble") response.writeHead(200).end('{"Id": "cut sho');
        });
      },
    );
    forwarded.on("error", () => request.socket.destroy());
    response.on("close", () => forwarded.destroy());
    request.pipe(forwarded);
  });
  // The streams of a command.
  server.on("upgrade", (request: IncomingMessage, client: Socket, head: Buffer) => {
    const fault = meet(request);
    client.on("error", () => {});
    if (fault === "freeze") return;
    if (fault === "cut") return void client.destroy();
    if (fault === "refuse") return void client.end("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    const upstream = connect(upstreamPath);
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    const headers = request.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 ? [`${name}: ${all[index + 1]}`] : [],
    );
    upstream.write([`${request.method} ${request.url} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
    upstream.write(head);
    client.pipe(upstream);
    if (fault === null) return void upstream.pipe(client);
    upstream.once("data", () => {
      if (fault === "cut-answer") client.destroy();
      if (fault === "refuse-answer") client.end("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
      if (fault === "garble")
        client.end("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\nno frames");
    });
  });
  const socketPath = join(tempFolder(), "engine.sock");
  await listen(server, socketPath);
  return {
    socketPath,
    arm: (at, fault) => {
      requests = [];
      armed = { at, fault };
    },
    disarm: () => {
      armed = null;
      frozen = false;
      return requests;
    },
  };
}

function refuse(response: ServerResponse): void {
  response.writeHead(500, { "content-type": "application/json" });
  response.end(JSON.stringify({ message: "made to fail" }));
}
