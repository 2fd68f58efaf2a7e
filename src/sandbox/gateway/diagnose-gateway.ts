import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { GatewayAnswer } from "./gateway-handshake.ts";
import type { GatewayAttempt, GatewayObservation, GatewayTarget } from "./gateway-observation.ts";

export interface GatewayDiagnosis {
  /** Whether a client inside gets through, token and all. Null: it could not be tried. */
  readonly reachable: boolean | null;
  /** What stands in the way first, then what else will; each with its fix. */
  readonly findings: readonly Diagnostic[];
}

/**
 * Tells apart why a client inside does not reach the gateway. One cause hides those behind it, as they would for the client:
 * without a network there is no name, without a name no port, without a port no token.
 */
export function diagnoseGateway(seen: GatewayObservation): GatewayDiagnosis {
  const way = findObstacle(seen);
  const untried = way === null ? untriedBecause(seen) : null;
  return {
    reachable: untried === null ? way === null : null,
    findings: [way, untried, ...findClientProblems(seen)].filter((found) => found !== null),
  };
}

function findObstacle(seen: GatewayObservation): Diagnostic | null {
  const { target, attempt, network } = seen;
  if (isLoopback(target.host)) return clientAsksItself(seen);
  if (network === "none") {
    return finding(
      "GATEWAY_NO_NETWORK",
      "The sandbox has no network, so nothing outside can be reached from it.",
      'Set docker.network to "bridge" for this agent (agents.defaults.sandbox.docker.network, or the agent\'s own), and recreate the sandbox. Network "host" is refused: it would put the sandbox on every port of this machine.',
    );
  }
  if ("untried" in attempt) return null;
  if (attempt.connection === "unresolved") return nameUnknown(target);
  if (attempt.connection !== "open") return portClosed(seen, attempt);
  return attempt.answer === null ? null : findRefusal(target, attempt.answer, seen);
}

/** Inside a container, localhost is the container. */
function clientAsksItself({ target, client }: GatewayObservation): Diagnostic {
  const at = quoteValue(`${target.scheme}://${target.host}:${target.port}`);
  const config = quoteValue(client.configPath);
  if (target.from === "env") {
    return finding(
      "GATEWAY_CLIENT_LOCALHOST",
      `OPENCLAW_GATEWAY_URL sends the client to ${at}, which is the sandbox itself.`,
      'Set OPENCLAW_GATEWAY_URL to "ws://host.docker.internal:18789".',
    );
  }
  if (target.from === "config") {
    return finding(
      "GATEWAY_CLIENT_LOCALHOST",
      `gateway.remote.url in ${config} sends the client to ${at}, which is the sandbox itself.`,
      'Set gateway.remote.url there to "ws://host.docker.internal:18789".',
    );
  }
  const why = {
    missing: "is not there",
    unreadable: "cannot be read by the sandbox's user",
    "not-json5": "is not JSON5",
    read:
      client.mode === "remote"
        ? "has no gateway.remote.url"
        : 'does not say gateway.mode "remote", so its gateway.remote is not looked at',
  }[client.configState];
  return finding(
    "GATEWAY_CLIENT_CONFIG_UNREAD",
    `The client asks ${at}, the sandbox itself: its configuration ${config} ${why}, and OPENCLAW_GATEWAY_URL is not set.`,
    "Give the sandbox a client configuration of its own: skillcrate gateway link. gateway.mode of the gateway itself stays as it is.",
  );
}

function nameUnknown({ host }: GatewayTarget): Diagnostic {
  const own = host === "host.docker.internal";
  return finding(
    "GATEWAY_NAME_UNKNOWN",
    `Inside the sandbox the name ${quoteValue(host)} has no address.`,
    own
      ? 'Set docker.extraHosts to ["host.docker.internal:host-gateway"] and recreate the sandbox: on Linux the engine gives this name only where it is asked to.'
      : "Use a name that the sandbox's network resolves, or add it to docker.extraHosts and recreate the sandbox.",
  );
}

function portClosed(
  { target, hostLoopbackAnswers, hostAddressAnswers }: GatewayObservation,
  { connection, address }: GatewayAttempt,
): Diagnostic {
  const at = `${quoteValue(target.host)} (${address ?? "?"}), port ${target.port}`;
  if (hostAddressAnswers === true) {
    return finding(
      "GATEWAY_UNREACHABLE",
      `The gateway listens at ${at}, and the way from the sandbox's network to it is closed (${connection}).`,
      `Let the sandbox's network reach port ${target.port} in this machine's firewall.`,
    );
  }
  if (hostLoopbackAnswers) {
    return finding(
      "GATEWAY_LOOPBACK_ONLY",
      `The gateway listens on the host's loopback interface only, and not at ${at}.`,
      'Set gateway.bind to "lan" (or "tailnet", "custom") with gateway.auth.mode "token", and restart the gateway.',
    );
  }
  return finding(
    "GATEWAY_NOT_RUNNING",
    `Nothing listens at ${at}, nor on the host's loopback interface (${connection}).`,
    "Start the gateway, or correct the port in the client's address (gateway.port of the gateway, 18789 by default).",
  );
}

/** The connection stands; the other side does not let the client in. */
function findRefusal(
  target: GatewayTarget,
  answer: GatewayAnswer,
  seen: GatewayObservation,
): Diagnostic | null {
  if (answer.spoke === "tls") {
    if (target.scheme === "wss") return null;
    return finding(
      "GATEWAY_SPEAKS_TLS",
      "The other side speaks TLS, and the client's address begins with ws://.",
      "Write wss:// in the client's address, with a certificate for that name that the sandbox trusts.",
    );
  }
  if (answer.spoke !== "http") {
    return finding(
      "GATEWAY_NOT_A_GATEWAY",
      `What listens on port ${target.port} is no gateway: ${answer.spoke === "none" ? "it closes the connection without a word" : "it does not speak HTTP"}.`,
      "Correct the port in the client's address (gateway.port of the gateway, 18789 by default).",
    );
  }
  if (target.scheme === "wss") {
    return finding(
      "GATEWAY_PLAIN_PORT",
      "The client's address begins with wss://, and the gateway's port speaks plain WebSocket.",
      "Write ws:// in the client's address, or put TLS in front of the gateway. NODE_TLS_REJECT_UNAUTHORIZED=0 changes nothing here: there is no certificate to trust.",
    );
  }
  if (answer.status !== 101) {
    return finding(
      "GATEWAY_NOT_A_GATEWAY",
      `What listens on port ${target.port} speaks HTTP and refuses a WebSocket (status ${answer.status}).`,
      "Correct the port in the client's address; a proxy in front of the gateway has to pass WebSocket upgrades.",
    );
  }
  return findVerdict(answer, seen);
}

/** What the gateway said to `connect`. Its words differ between versions: what is looked for is in all of them. */
function findVerdict({ connect, close }: GatewayAnswer, { client }: GatewayObservation): Diagnostic | null {
  if (connect?.ok === true) return null;
  const said = [connect?.code, connect?.message, close?.reason].filter(Boolean).join(" ");
  const quoted = said === "" ? "without a reason" : quoteValue(said);
  if (/pair|device.?identity/i.test(said)) {
    return finding(
      "GATEWAY_PAIRING_NEEDED",
      `The gateway knows the token, and wants this client to be paired first: ${quoted}.`,
      "On the host: openclaw devices list, then openclaw devices approve <request>.",
    );
  }
  if (/token|unauthorized|auth/i.test(said)) {
    return client.hasToken
      ? finding(
          "GATEWAY_TOKEN_WRONG",
          `The gateway refuses the client's token: ${quoted}.`,
          "Give the sandbox the token of gateway.auth.token: skillcrate gateway link writes it into a file of the sandbox's own.",
        )
      : finding(
          "GATEWAY_TOKEN_MISSING",
          `The gateway asks for a token, and the client has none: ${quoted}.`,
          "Give the sandbox the token of gateway.auth.token: skillcrate gateway link writes it into a file of the sandbox's own. In an argument it would show in the process list.",
        );
  }
  if (/insecure|secure|tls|plain/i.test(said)) return wsRefused(quoted);
  return finding(
    "GATEWAY_REFUSED",
    `The gateway takes the connection and refuses the client: ${quoted}.`,
    "See the gateway's log at this minute.",
  );
}

const wsRefused = (said: string): Diagnostic =>
  finding(
    "GATEWAY_WS_REFUSED",
    `Plain ws:// to a name is refused by policy: ${said}.`,
    "Set OPENCLAW_ALLOW_INSECURE_PRIVATE_WS=1 in docker.env where the way to the gateway never leaves this machine, else put TLS in front of it and write wss://.",
  );

/** Null where a client's whole way in was gone. */
function untriedBecause({ attempt, target }: GatewayObservation): Diagnostic | null {
  const why =
    "untried" in attempt
      ? attempt.untried
      : attempt.answer?.spoke === "tls"
        ? `${quoteValue(target.host)} speaks TLS, as the client's address says; the certificate and the token were not tried`
        : null;
  if (why === null) return null;
  return finding(
    "GATEWAY_UNTRIED",
    `Whether a client inside gets in was not seen: ${why}.`,
    "Inside, as the sandbox's user: openclaw gateway health",
    "warning",
  );
}

/** What keeps the client from using a way that may be there. */
function findClientProblems({ client, target }: GatewayObservation): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (client.program === null) {
    found.push(
      finding(
        "GATEWAY_CLIENT_MISSING",
        "The gateway's client program is not in the sandbox.",
        "An agent does not need it: tools do what its commands do (cron, message, sessions_*). For a skill that calls it, add the npm package openclaw to the image.",
        "warning",
      ),
    );
  }
  if (
    target.scheme === "ws" &&
    !isLoopback(target.host) &&
    !isAddress(target.host) &&
    !client.insecureWsAllowed
  ) {
    found.push(
      finding(
        "GATEWAY_WS_POLICY",
        `Newer clients refuse plain ws:// to a name such as ${quoteValue(target.host)}.`,
        "Set OPENCLAW_ALLOW_INSECURE_PRIVATE_WS=1 in docker.env where the way to the gateway never leaves this machine.",
        "warning",
      ),
    );
  }
  if (client.tlsVerificationOff) {
    found.push(
      finding(
        "GATEWAY_TLS_UNVERIFIED",
        "NODE_TLS_REJECT_UNAUTHORIZED=0 makes every TLS connection of the sandbox open to anybody in between, and helps none of the gateway's.",
        "Take it out of docker.env; give the sandbox the certificate authority instead (NODE_EXTRA_CA_CERTS).",
        "warning",
      ),
    );
  }
  found.push(
    finding(
      "GATEWAY_PROBE_LOCALHOST",
      "openclaw gateway probe always asks localhost, which inside is the sandbox: it fails there whatever is configured.",
      "Judge the connection by skillcrate gateway check, or inside by openclaw gateway health.",
      "info",
    ),
  );
  return found;
}

function finding(
  code: Diagnostic["code"],
  message: string,
  hint: string,
  severity: Diagnostic["severity"] = "error",
): Diagnostic {
  return { code, severity, message, hint };
}

export const isLoopback = (host: string): boolean =>
  host === "localhost" ||
  host.endsWith(".localhost") ||
  host.startsWith("127.") ||
  host === "[::1]" ||
  host === "0.0.0.0";

const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.startsWith("[");
