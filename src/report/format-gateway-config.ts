import { formatJson } from "./format-json.ts";
import type { Style } from "./style.ts";

/** A piece of a gateway's configuration, and the file it belongs in. */
export function formatGatewayConfig(config: unknown, file: string, style: Style): string {
  return `${style.dim(`To use them, put this into ${file}:`)}\n${formatJson(config, 2)}`;
}
