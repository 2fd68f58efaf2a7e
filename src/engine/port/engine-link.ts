import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type Modem from "docker-modem";
import type Dockerode from "dockerode";
import { escapeText } from "../../diagnostic/quote-value.ts";
import { SkillcrateError } from "../../diagnostic/skillcrate-error.ts";
import type { Endpoint } from "../connect/endpoint.ts";

/** The connection of a dockerode client, and what every request through it has to know. */
export interface EngineLink {
  /** dockerode's transport. Most requests need no more, and dockerode itself takes as long to load as ten of them. */
  readonly modem: Modem;
  /** How error messages name the engine: the strategy that found it. */
  readonly name: string;
  /** An engine that says nothing for this long is given up. */
  readonly deadlineMs: number;
}

/** Makes the client; nothing is asked of the engine yet. Throws `INPUT_INVALID` where certificates cannot be read. */
export async function linkEngine(name: string, endpoint: Endpoint, deadlineMs: number): Promise<EngineLink> {
  const { default: Transport } = await import("docker-modem");
  return { modem: new Transport(await clientOptions(endpoint)), name, deadlineMs };
}

/** dockerode, for the requests that stream. */
export async function openDocker({ modem }: EngineLink): Promise<Dockerode> {
  const { default: Docker } = await import("dockerode");
  // Its types know the options of a connection only, and not one that is there already.
  const connection: object = { modem };
  return new Docker(connection);
}

/** Every option is written out: what is left out, docker-modem takes from DOCKER_HOST and its like in this process. */
async function clientOptions(endpoint: Endpoint): Promise<Modem.ConstructorOptions> {
  const fromNowhere = { host: undefined, port: undefined, socketPath: undefined, timeout: undefined };
  if (endpoint.kind === "unix") return { ...fromNowhere, protocol: "http", socketPath: endpoint.path };
  const address = { ...fromNowhere, host: endpoint.host, port: endpoint.port, pathPrefix: "/" };
  if (endpoint.certificates === null) return { ...address, protocol: "http" };
  const folder = endpoint.certificates;
  // One after the other, so that the same folder always gives the same error.
  const ca = await readCertificate(join(folder, "ca.pem"));
  const cert = await readCertificate(join(folder, "cert.pem"));
  const key = await readCertificate(join(folder, "key.pem"));
  return { ...address, protocol: "https", ca, cert, key };
}

async function readCertificate(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SkillcrateError(
      "INPUT_INVALID",
      `the engine's certificate "${escapeText(path)}" cannot be read`,
      {
        hint: "Point DOCKER_CERT_PATH at a folder with ca.pem, cert.pem and key.pem",
        cause,
      },
    );
  }
}
