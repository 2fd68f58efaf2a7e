import { quoteValue } from "../../diagnostic/quote-value.ts";
import type { NetworkSettings } from "../../dockerfile/network-settings.ts";
import { redactUrl } from "../../source/redact-url.ts";
import { type Check, ok } from "./check.ts";

/** Which settings of a company's network builds would use; passwords are not shown. */
export function checkNetwork(network: NetworkSettings): Check {
  const urls = {
    "apt mirror": network.aptMirror,
    "npm registry": network.npmRegistry,
    "Python index": network.pythonIndex,
    "Go module proxy": network.goProxy,
    "crate registry": network.cargoRegistry,
    "http proxy": network.httpProxy,
    "https proxy": network.httpsProxy,
  };
  const parts = Object.entries(urls).flatMap(([name, url]) =>
    url === null ? [] : [`${name} ${quoteValue(redactUrl(url))}`],
  );
  if (network.noProxy !== null) parts.push(`no proxy for ${quoteValue(network.noProxy)}`);
  const certificates = network.caPem?.match(/-----BEGIN CERTIFICATE-----/g)?.length ?? 0;
  if (certificates > 0) parts.push(`${certificates} extra CA certificates`);
  return ok("network", parts.length > 0 ? parts.join(", ") : "no mirror, proxy or extra CA is set");
}
