import { once } from "node:events";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Debian's `docker-registry`; where it is not installed no registry can be had. */
export const registryProgram = "/usr/bin/docker-registry";

/** A registry on this machine that lets everybody in; engines take 127.0.0.0/8 without TLS. */
export async function startRegistry(): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-registry-"));
  mkdirSync(join(folder, "data"));
  const address = `127.0.0.1:${await freePort()}`;
  const config = {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "data") } },
    http: { addr: address },
  };
  writeFileSync(join(folder, "config.yml"), JSON.stringify(config));
  const server = execa(registryProgram, ["serve", join(folder, "config.yml")], {
    reject: false,
    buffer: false,
  });
  while (!(await answers(address))) await new Promise((resolve) => setTimeout(resolve, 50));
  return {
    address,
    stop: async () => {
      server.kill();
      await server;
      rmSync(folder, { recursive: true });
    },
  };
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/v2/`)).ok;
  } catch (error) {
    // Nothing listens yet.
    if (error instanceof TypeError) return false;
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
