import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { crates } from "./crates.ts";
import { goModules } from "./go-modules.ts";

export interface SourceRegistries {
  /** Of the Go module proxy and the crates' index, as containers reach them. */
  readonly goProxy: string;
  readonly cargoRegistry: string;
  /** Paths of answered requests, and of those that were not, with `404 ` in front. */
  readonly requests: readonly string[];
  /** By path; what a test changes here is another answer from then on. */
  readonly answers: Map<string, Buffer>;
  close(): Promise<void>;
}

/** A Go module proxy and a registry of crates at `host`, the name that containers know this machine by. */
export async function startSourceRegistries(
  host: string,
  platform: "linux/amd64" | "linux/arm64",
): Promise<SourceRegistries> {
  const requests: string[] = [];
  const answers = new Map<string, Buffer>();
  const server = createServer(({ url = "" }, response) => {
    const answer = answers.get(url);
    requests.push(answer === undefined ? `404 ${url}` : url);
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  const address = `${host}:${(server.address() as AddressInfo).port}`;
  const base = `http://${address}`;
  for (const [path, content] of goModules(platform)) answers.set(`/go/${path}`, content);
  for (const [path, content] of crates(address)) answers.set(`/crates/${path}`, content);
  answers.set("/crates/config.json", Buffer.from(JSON.stringify({ dl: `${base}/crates/store` })));
  return {
    goProxy: `${base}/go`,
    cargoRegistry: `${base}/crates/`,
    requests,
    answers,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
