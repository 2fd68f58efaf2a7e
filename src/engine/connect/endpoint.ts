/** Where an engine listens. */
export type Endpoint =
  | { readonly kind: "unix"; readonly path: string }
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      /** A folder with `ca.pem`, `cert.pem` and `key.pem`, or null for plain HTTP. */
      readonly certificates: string | null;
    };

export type EndpointOrProblem =
  | { readonly endpoint: Endpoint }
  | { readonly problem: string; readonly hint: string };

/** Whether TCP is to be spoken with TLS, and the folder of the certificates for it. */
export interface TlsSetting {
  readonly wanted: boolean;
  readonly folder: string;
}

/**
 * Reads the form that DOCKER_HOST and docker contexts share: `unix:///path`, `tcp://host:port`. TCP is spoken with TLS
 * where that is wanted, and on the port that is registered for it.
 */
export function parseEndpoint(text: string, tls: TlsSetting): EndpointOrProblem {
  if (text.startsWith("unix:///")) return { endpoint: { kind: "unix", path: text.slice("unix://".length) } };
  if (text.startsWith("ssh://")) return { problem: "ssh:// is not spoken here", hint: sshHint };
  const tcp = tcpAddress.exec(text)?.groups;
  const host = tcp?.["ip6"] ?? tcp?.["host"];
  const port = Number(tcp?.["port"] ?? (tls.wanted ? tlsPort : plainPort));
  if (host === undefined || port < 1 || port > 65_535) {
    return { problem: "it is neither unix:///path nor tcp://host:port", hint: endpointHint };
  }
  const certificates = tls.wanted || port === tlsPort ? tls.folder : null;
  return { endpoint: { kind: "tcp", host, port, certificates } };
}

// Registered with IANA as docker and docker-s.
const plainPort = 2375;
const tlsPort = 2376;

const tcpAddress =
  /^tcp:\/\/(?:\[(?<ip6>[0-9A-Fa-f:]+)\]|(?<host>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?))(?::(?<port>[0-9]{1,5}))?\/?$/;

const endpointHint =
  "export DOCKER_HOST=unix:///var/run/docker.sock\nunset DOCKER_HOST   # to look for an engine";

// dockerode's own SSH client takes any host key and does not read ~/.ssh/config.
const sshHint =
  "Let ssh forward the socket, which checks the host's key:\n" +
  "ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock user@host &\n" +
  "export DOCKER_HOST=unix:///tmp/engine.sock";
