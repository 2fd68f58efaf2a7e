import type { ConfigDocument } from "./config-document.ts";
import type { Origin, Sourced } from "./sandbox-config.ts";
import { formatKeyPath, type KeyPath } from "./session/key-path.ts";
import { writtenOrigin } from "./written-origin.ts";

/** What `gateway` says of how it is reached; what is not written, or of another type, is the gateway's default. */
export interface GatewaySettings {
  /** `local`, or `remote` for a client of a gateway elsewhere. */
  readonly mode: Sourced<string>;
  /** `loopback`, `lan`, `tailnet`, `custom`, `auto`, or whatever else is written. */
  readonly bind: Sourced<string>;
  /** From 1 to 65535. */
  readonly port: Sourced<number>;
  /** `token`, `password`, … */
  readonly authMode: Sourced<string>;
  /** The token, as a function so that it shows in no listing of this value; null: none is written. */
  readonly token: Sourced<(() => string) | null>;
}

/** Reads `gateway`, which is not ours: nothing in it is a problem. */
export function readGatewaySettings(document: ConfigDocument): GatewaySettings {
  const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
  const token = readAt(document, ["gateway", "auth", "token"], isText, "");
  return {
    mode: readAt(document, ["gateway", "mode"], isText, "local"),
    bind: readAt(document, ["gateway", "bind"], isText, "loopback"),
    port: readAt(document, ["gateway", "port"], isPort, 18_789),
    authMode: readAt(document, ["gateway", "auth", "mode"], isText, "token"),
    token: { origin: token.origin, value: token.value === "" ? null : () => token.value },
  };
}

function isPort(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

function readAt<T>(
  document: ConfigDocument,
  path: KeyPath,
  accepts: (value: unknown) => value is T,
  unset: T,
): Sourced<T> {
  const value = document.valueAt(path);
  if (accepts(value)) return { value, origin: writtenOrigin(document, path, "defaults") };
  const origin: Origin = {
    file: null,
    key: formatKeyPath(path),
    line: null,
    column: null,
    rule: "reference",
  };
  return { value: unset, origin };
}
