import type { NetworkSettings } from "../../dockerfile/network-settings.ts";

/** The proxies as programs read them: in both spellings, since programs differ in which they look at. */
export function networkEnv(network: NetworkSettings): Record<string, string> {
  const values = {
    http_proxy: network.httpProxy,
    https_proxy: network.httpsProxy,
    no_proxy: network.noProxy,
  };
  const set = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(
    set.flatMap(([name, value]) => [
      [name, value ?? ""],
      [name.toUpperCase(), value ?? ""],
    ]),
  );
}
