import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createProxy, type IncomingMessage, type RequestListener } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp-folder.ts";

/** Hosts below example.com, and github.com, that speak TLS, and the proxy by which anybody reaches them. */
export interface DownloadHost {
  /** The proxy's port, on every address of this machine. */
  readonly port: number;
  /** Of the same proxy, where it speaks TLS itself: as `127.0.0.1` the same authority vouches for it. */
  readonly tlsPort: number;
  /** The file of the authority that vouches for the hosts. */
  readonly caFile: string;
  /** `files.example.com GET /tool`, in order. */
  readonly requests: readonly string[];
  /** What clients asked the proxy to connect to, in order. */
  readonly connections: readonly string[];
  /** What the proxy got as a login with each of them. */
  readonly proxyLogins: readonly (string | undefined)[];
}

/** Until the test has finished. */
export async function startDownloadHost(answer: RequestListener): Promise<DownloadHost> {
  const { close, ...host } = await openDownloadHost(tempFolder(), answer);
  onTestFinished(close);
  return host;
}

/** With its key and its authority in `folder`. */
export async function openDownloadHost(
  folder: string,
  answer: RequestListener,
): Promise<DownloadHost & { close(): void }> {
  const [caFile, keyFile] = [join(folder, "ca.pem"), join(folder, "key.pem")];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile];
  const names = [
    "-subj",
    "/CN=example.com",
    "-addext",
    "subjectAltName=DNS:*.example.com,DNS:github.com,IP:127.0.0.1",
  ];
  execFileSync("openssl", ["req", "-x509", ...key, ...names, "-out", caFile], { stdio: "pipe" });
  const requests: string[] = [];
  const identity = { key: readFileSync(keyFile), cert: readFileSync(caFile) };
  const server = createServer(identity, (request, response) => {
    requests.push(`${request.headers.host} ${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port: inner } = server.address() as AddressInfo;
  const connections: string[] = [];
  const proxyLogins: (string | undefined)[] = [];
  const note = ({ url = "", headers }: IncomingMessage): void => {
    connections.push(url);
    proxyLogins.push(headers["proxy-authorization"]);
  };
  const refuse: RequestListener = (request, response) => {
    note(request);
    response.writeHead(400).end();
  };
  const relay = (request: IncomingMessage, client: Duplex, head: Buffer): void => {
    const { url = "" } = request;
    note(request);
    client.on("error", () => client.destroy());
    if (!/^(?:.+\.example\.com|github\.com):443$/.test(url)) {
      client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const upstream = connect(inner, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  };
  const proxies = [createProxy(refuse), createServer(identity, refuse)];
  for (const proxy of proxies) {
    proxy.on("connect", relay);
    await new Promise<void>((done) => proxy.listen(0, "0.0.0.0", done));
  }
  const [port = 0, tlsPort = 0] = proxies.map((proxy) => (proxy.address() as AddressInfo).port);
  const close = () => {
    for (const each of [server, ...proxies]) {
      each.closeAllConnections();
      each.close();
    }
  };
  return { port, tlsPort, caFile, requests, connections, proxyLogins, close };
}
