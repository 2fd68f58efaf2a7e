import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { zip } from "./python-index.ts";

export interface Wheel {
  /** As the index calls it. */
  readonly name: string;
  readonly version: string;
  readonly modules: Readonly<Record<string, string>>;
  /** Requirements, as metadata has them. */
  readonly requires?: readonly string[];
}

export interface WheelIndex {
  readonly port: number;
  /** Paths that were asked for. */
  readonly requests: readonly string[];
  /** From now on it has these wheels. */
  offer(wheels: readonly Wheel[]): void;
  close(): Promise<void>;
}

/** A Python package index with these wheels and nothing else. */
export async function startWheelIndex(first: readonly Wheel[]): Promise<WheelIndex> {
  const requests: string[] = [];
  let wheels = first;
  let files = filesOf(wheels);
  const server = createServer(({ url = "" }, response) => {
    requests.push(url);
    const file = files.get(url.replace(/^\/files\//, ""));
    const listed = wheels.filter(({ name }) => url === `/simple/${name}/`);
    if (file !== undefined) response.end(file);
    else if (listed.length > 0) {
      response.setHeader("content-type", "text/html");
      response.end(`<!DOCTYPE html>${listed.map((wheel) => linkTo(fileNameOf(wheel), files)).join("\n")}`);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    offer(others) {
      wheels = others;
      files = filesOf(wheels);
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function filesOf(wheels: readonly Wheel[]): ReadonlyMap<string, Buffer> {
  return new Map(wheels.map((wheel) => [fileNameOf(wheel), contentOf(wheel)]));
}

function fileNameOf({ name, version }: Wheel): string {
  return `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`;
}

function linkTo(name: string, files: ReadonlyMap<string, Buffer>): string {
  const digest = createHash("sha256")
    .update(files.get(name) ?? "")
    .digest("hex");
  return `<a href="/files/${name}#sha256=${digest}">${name}</a>`;
}

function contentOf({ name, version, modules, requires = [] }: Wheel): Buffer {
  const info = `${name.replaceAll("-", "_")}-${version}.dist-info`;
  const needs = requires.map((requirement) => `Requires-Dist: ${requirement}\n`).join("");
  const files = {
    ...modules,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needs}`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  };
  const record = [...Object.keys(files), `${info}/RECORD`].map((path) => `${path},,\n`).join("");
  return zip({ ...files, [`${info}/RECORD`]: record });
}
