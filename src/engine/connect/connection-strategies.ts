import { join } from "node:path";
import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import { dockerConfigDir, type Host, isForbidden, readDockerConfig } from "./docker-config.ts";
import { readDockerContext } from "./docker-context.ts";
import { type Endpoint, parseEndpoint, type TlsSetting } from "./endpoint.ts";

/** One way to find an engine. */
export interface ConnectionStrategy {
  readonly name: string;
  propose(host: Host): Promise<Proposal>;
}

export type Proposal =
  /** `chosen`: the user named this engine, so if it does not work no other one may take its place. */
  | {
      readonly kind: "endpoint";
      readonly name: string;
      readonly endpoint: Endpoint;
      readonly chosen: boolean;
    }
  /** The strategy does not apply on this machine. */
  | { readonly kind: "absent"; readonly name: string; readonly reason: string }
  /** The user named an engine in a way that cannot be used. */
  | { readonly kind: "unusable"; readonly name: string; readonly reason: string; readonly hint: string };

/** `DOCKER_HOST`, as the docker client reads it. */
export const dockerHost: ConnectionStrategy = {
  name: "DOCKER_HOST",
  propose: async (host) => {
    const { env } = host;
    const address = env["DOCKER_HOST"];
    if (!address) return { kind: "absent", name: "DOCKER_HOST", reason: "not set" };
    return named("DOCKER_HOST", address, {
      wanted: Boolean(env["DOCKER_TLS_VERIFY"] || env["DOCKER_CERT_PATH"]),
      folder: env["DOCKER_CERT_PATH"] || dockerConfigDir(host),
    });
  },
};

/** `DOCKER_CONTEXT`, else the context that `docker context use` chose. */
export const dockerContext: ConnectionStrategy = {
  name: "docker context",
  propose: async (host) => {
    const chosen = host.env["DOCKER_CONTEXT"] || (await currentContext(host));
    if (typeof chosen !== "string" || chosen === "" || chosen === "default") {
      return { kind: "absent", name: "docker context", reason: "none is chosen" };
    }
    const name = `docker context ${quoteValue(chosen)}`;
    const context = await readDockerContext(chosen, host);
    if (context === null)
      return { kind: "unusable", name, reason: "there is no such context", hint: listContexts };
    if (context.skipTlsVerify) {
      return {
        kind: "unusable",
        name,
        reason: "it does not verify the engine's certificate",
        hint: listContexts,
      };
    }
    const { address, certificates } = context;
    return named(name, address, {
      wanted: certificates !== null,
      folder: certificates ?? dockerConfigDir(host),
    });
  },
};

async function currentContext(host: Host): Promise<unknown> {
  try {
    return (await readDockerConfig(host))["currentContext"];
  } catch (error) {
    // With HOME kept by `su`, it is somebody else's file, and their choice is not this user's.
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

/** In the order in which they are tried: what the user named, then Docker, then what stands in for it. */
export const connectionStrategies: readonly ConnectionStrategy[] = [
  dockerHost,
  dockerContext,
  socket("/var/run/docker.sock", () => "/var/run/docker.sock"),
  socket("rootless Docker", (host) => join(runtimeDir(host), "docker.sock")),
  socket("Docker Desktop", ({ homeDir }) => join(homeDir, ".docker/run/docker.sock")),
  socket("Docker Desktop on Linux", ({ homeDir }) => join(homeDir, ".docker/desktop/docker.sock")),
  socket("OrbStack", ({ homeDir }) => join(homeDir, ".orbstack/run/docker.sock")),
  socket("Colima", ({ homeDir }) => join(homeDir, ".colima/default/docker.sock")),
  socket("Rancher Desktop", ({ homeDir }) => join(homeDir, ".rd/docker.sock")),
  socket("rootless Podman", (host) => join(runtimeDir(host), "podman/podman.sock")),
  socket("Podman", () => "/run/podman/podman.sock"),
];

function named(name: string, address: string, tls: TlsSetting): Proposal {
  const read = parseEndpoint(address, tls);
  if ("endpoint" in read) return { kind: "endpoint", name, endpoint: read.endpoint, chosen: true };
  return { kind: "unusable", name, reason: `${quoteValue(address)}: ${read.problem}`, hint: read.hint };
}

function socket(label: string, locate: (host: Host) => string): ConnectionStrategy {
  return {
    name: label,
    propose: async (host) => {
      const path = locate(host);
      return { kind: "endpoint", name: escapeText(path), endpoint: { kind: "unix", path }, chosen: false };
    },
  };
}

/** Where a user's daemons listen; a shell under `su` or cron has no XDG_RUNTIME_DIR, the daemons still do. */
function runtimeDir({ env }: Host): string {
  return env["XDG_RUNTIME_DIR"] || `/run/user/${process.getuid?.() ?? 0}`;
}

const listContexts = "docker context ls\ndocker context use default";
