import type { GatewayAnswer } from "./gateway-handshake.ts";

/** What was seen of a gateway, from inside a sandbox and from the host beside it. Facts only; see `diagnoseGateway`. */
export interface GatewayObservation {
  /** The engine's word for the container's network: `none`, `bridge`, a name. */
  readonly network: string;
  readonly client: GatewayClient;
  /** Where a client inside would go, and whose word that is. */
  readonly target: GatewayTarget;
  /** What became of a real attempt from inside; null where it could not be made, with the reason. */
  readonly attempt: GatewayAttempt | { readonly untried: string };
  /** Whether the host itself reaches the port on its loopback interface. */
  readonly hostLoopbackAnswers: boolean;
  /** Whether the host reaches the port at the address that its name had inside. Null: it had none. */
  readonly hostAddressAnswers: boolean | null;
}

/** The gateway's client inside: what would be run, and what it would read. */
export interface GatewayClient {
  /** Absolute path of the program inside; null where PATH has none. */
  readonly program: string | null;
  /** Absolute path inside of the configuration that it would read. */
  readonly configPath: string;
  readonly configState: "read" | "missing" | "unreadable" | "not-json5";
  /** `gateway.mode` in there; null where it says nothing. */
  readonly mode: string | null;
  readonly hasToken: boolean;
  readonly tlsVerificationOff: boolean;
  readonly insecureWsAllowed: boolean;
}

export interface GatewayTarget {
  readonly scheme: "ws" | "wss";
  readonly host: string;
  readonly port: number;
  /** `env`: OPENCLAW_GATEWAY_URL; `config`: `gateway.remote.url`; `default`: nothing says where, so it is localhost. */
  readonly from: "env" | "config" | "default";
}

export interface GatewayAttempt {
  /** Null where the name was not resolved. */
  readonly address: string | null;
  readonly connection: "open" | "refused" | "unreachable" | "timeout" | "unresolved";
  /** Null unless the connection was open. */
  readonly answer: GatewayAnswer | null;
}
