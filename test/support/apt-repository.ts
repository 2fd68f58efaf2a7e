import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface MadePackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: string;
  /** What the command of the package's name prints. */
  readonly says?: string;
}

/** A Debian archive of a test's own, `http://host:port/debian/`, whose packages each bring a command of their name. */
export interface AptRepository {
  readonly port: number;
  /** Paths that were asked for since the last call. */
  takeRequests(): string[];
  /** Puts a package into the archive and its index; one of the same name and version is replaced, file and all. */
  add(made: MadePackage): void;
  /** Takes a package out of the index, and its file away. */
  vanish(name: string, version: string): void;
  /** From now on the archive's past is to be had below `/snapshot/`, where every time is the same. */
  openSnapshot(): void;
  close(): Promise<void>;
}

export async function startAptRepository(): Promise<AptRepository> {
  const folder = mkdtempSync(join(tmpdir(), "skillcrate-test-apt-"));
  const pool = join(folder, "pool");
  const past = join(folder, "past");
  for (const each of [pool, past]) mkdirSync(each);
  const stanzas = new Map<string, string>();
  const requests: string[] = [];
  let snapshot = false;
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    requests.push(path);
    const body = answer(path);
    if (body === null) response.writeHead(404).end();
    else response.end(body);
  });

  function answer(path: string): Buffer | string | null {
    if (path === "/debian/./Packages" || path === "/debian/Packages") return index();
    if (path === "/debian/./Release" || path === "/debian/Release") return release(index());
    if (path.startsWith("/debian/pool/")) return read(join(pool, path.slice("/debian/pool/".length)));
    const old = /^\/snapshot\/debian\/\d{8}T\d{6}Z\/pool\/(.+)$/.exec(path)?.[1];
    return snapshot && old !== undefined ? (read(join(pool, old)) ?? read(join(past, old))) : null;
  }

  const index = () =>
    [...stanzas.keys()]
      .sort()
      .map((key) => `${stanzas.get(key)}\n`)
      .join("");

  function add({ name, version, depends, says = `${name} ${version}` }: MadePackage): void {
    const root = join(folder, "root");
    const control = [
      `Package: ${name}`,
      `Version: ${version}`,
      "Architecture: all",
      "Maintainer: nobody <nobody@example.invalid>",
      ...(depends === undefined ? [] : [`Depends: ${depends}`]),
      `Description: ${name}`,
    ];
    mkdirSync(join(root, "DEBIAN"), { recursive: true });
    mkdirSync(join(root, "usr", "bin"), { recursive: true });
    writeFileSync(join(root, "DEBIAN", "control"), `${control.join("\n")}\n`);
    writeFileSync(join(root, "usr", "bin", name), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 });
    const file = `${name}_${version}_all.deb`;
    execFileSync("dpkg-deb", ["--root-owner-group", "--build", root, join(pool, file)]);
    rmSync(root, { recursive: true });
    const bytes = readFileSync(join(pool, file));
    const facts = [`Filename: pool/${file}`, `Size: ${bytes.length}`, `SHA256: ${sha256(bytes)}`];
    stanzas.set(`${name} ${version}`, `${[...control, ...facts].join("\n")}\n`);
  }

  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  return {
    port: (server.address() as AddressInfo).port,
    takeRequests: () => requests.splice(0),
    add,
    vanish(name, version) {
      stanzas.delete(`${name} ${version}`);
      const file = readdirSync(pool).find((each) => each === `${name}_${version}_all.deb`);
      if (file !== undefined) renameSync(join(pool, file), join(past, file));
    },
    openSnapshot: () => {
      snapshot = true;
    },
    close: async () => {
      await new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      });
      rmSync(folder, { recursive: true });
    },
  };
}

/** Signed by nobody: who uses the archive says that it is trusted. */
function release(index: string): string {
  const line = ` ${sha256(Buffer.from(index))} ${Buffer.byteLength(index)} Packages`;
  return ["Origin: test", "Suite: test", "Date: Thu, 01 Jan 2026 00:00:00 UTC", "SHA256:", line, ""].join(
    "\n",
  );
}

function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
