import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "./temp-folder.ts";

/** An npm registry at `/npm/` with one version of some packages. */
export interface NodeRegistry {
  readonly port: number;
  /** `GET /npm/npm`, in order. */
  readonly requests: readonly string[];
  /** What came with each request as a login. */
  readonly logins: readonly (string | undefined)[];
  /** Of each file: `sha512-…`. */
  readonly integrity: Readonly<Record<string, string>>;
}

export interface RegistryPackage {
  /** Path → text, or what a link leads to; those of programs end in `!`. */
  readonly files: Readonly<Record<string, string | { readonly link: string }>>;
  /** What the registry says of it, instead of the truth. */
  readonly says?: object;
}

/** Answers before the registry does; true: that was all. */
export type Interrupt = (
  request: IncomingMessage,
  answer: (status: number, location?: string) => void,
) => boolean;

/** Until the test has finished. Each package has version 1.0.0. */
export async function startNodeRegistry(
  packages: Readonly<Record<string, RegistryPackage>>,
  interrupt: Interrupt = () => false,
): Promise<NodeRegistry> {
  const files = Object.fromEntries(
    Object.entries(packages).map(([name, { files: contents }]) => [name, packTarball(contents)]),
  );
  const integrity = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [
      name,
      `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    ]),
  );
  const requests: string[] = [];
  const logins: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    logins.push(request.headers.authorization);
    const end = (status: number, location?: string): void => {
      response.writeHead(status, location === undefined ? {} : { location }).end();
    };
    if (interrupt(request, end)) return;
    const [, name = "", rest] = /^\/npm\/([^/]+)(\/-\/[^/]+\.tgz)?$/.exec(request.url ?? "") ?? [];
    const bytes = files[name];
    if (bytes === undefined) return end(404);
    if (rest !== undefined) return void response.end(bytes);
    const dist = {
      tarball: `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`,
      integrity: integrity[name],
      ...packages[name]?.says,
    };
    response.end(JSON.stringify({ name, versions: { "1.0.0": { bin: { [name]: "bin/x" }, dist } } }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, requests, logins, integrity };
}

function packTarball(files: RegistryPackage["files"]): Buffer {
  const folder = tempFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, "package", name.replace(/!$/, ""));
    mkdirSync(dirname(path), { recursive: true });
    if (typeof text === "string") writeFileSync(path, text);
    else symlinkSync(text.link, path);
    if (name.endsWith("!")) chmodSync(path, 0o755);
  }
  execFileSync("tar", [
    "-C",
    folder,
    "--mtime=@0",
    "--sort=name",
    "-czf",
    join(folder, "package.tgz"),
    "package",
  ]);
  return readFileSync(join(folder, "package.tgz"));
}
