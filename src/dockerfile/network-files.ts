import { mountedAptSettings } from "./apt-scripts.ts";
import type { ContextFile } from "./build-context.ts";
import type { NetworkSettings } from "./network-settings.ts";
import { certificateSource, type NetworkClient, settingsSource } from "./settings-paths.ts";

/** Whether the settings say anything to a client; proxies reach all of them as build arguments. */
export function hasSettings(client: NetworkClient, network: NetworkSettings): boolean {
  return network.caPem !== null || ownFiles(client, network).length > 0;
}

/** A client's settings as files of the context; none where nothing is set. */
export function settingsFiles(client: NetworkClient, network: NetworkSettings): ContextFile[] {
  if (!hasSettings(client, network)) return [];
  const files: (readonly [string, string])[] = [...ownFiles(client, network)];
  if (network.caPem !== null) files.push(["ca.pem", `${network.caPem.trimEnd()}\n`]);
  if (client === "apt") files.push(["settings.sh", mountedAptSettings]);
  return files.map(([name, text]) => textFile(`${settingsSource(client)}/${name}`, text));
}

function ownFiles(client: NetworkClient, network: NetworkSettings): (readonly [string, string])[] {
  const { npmRegistry, pythonIndex, cargoRegistry } = network;
  switch (client) {
    case "apt":
      return aptFiles(network);
    case "npm":
      return npmRegistry === null ? [] : [["npmrc", `registry=${JSON.stringify(npmRegistry)}\n`]];
    case "python":
      return pythonIndex === null ? [] : [["pip.conf", pipConf(pythonIndex)]];
    case "go":
      return goEnv(network);
    case "cargo":
      return cargoRegistry === null ? [] : [["config.toml", cargoConfig(cargoRegistry)]];
    case "download":
      return [];
  }
}

function aptFiles({ aptMirror, snapshot }: NetworkSettings): (readonly [string, string])[] {
  return [
    ...(aptMirror === null ? [] : [["mirror.sed", `${mirrorExpression(aptMirror)}\n`] as const]),
    ...(snapshot === null ? [] : [["snapshot", `${snapshot.replace(/\/+$/, "")}\n`] as const]),
  ];
}

/**
 * A sed expression (extended syntax) that puts the mirror in place of every archive named `debian` or
 * `debian-security`, in both forms of sources files. A mirror's URL may end in `/debian`; the security archive is then
 * beside it, as on Debian's own hosts.
 */
export function mirrorExpression(aptMirror: string): string {
  const root = aptMirror.replace(/\/+$/, "").replace(/\/debian$/, "");
  const replacement = root.replace(/[&#\\]/g, "\\$&");
  return `s#[a-z+]+://[^[:space:]]*/debian(-security)?/?([[:space:]]|$)#${replacement}/debian\\1\\2#g`;
}

/** pip takes an index without TLS only from a host that is named as trusted. */
function pipConf(index: string): string {
  const { protocol, host } = new URL(index);
  const trusted = protocol === "http:" ? [`trusted-host = ${host}`] : [];
  return ["[global]", `index-url = ${index}`, ...trusted, ""].join("\n");
}

function goEnv({ goProxy, goSumDb }: NetworkSettings): (readonly [string, string])[] {
  const lines = [
    ...(goProxy === null ? [] : [`GOPROXY=${goProxy}\n`]),
    ...(goSumDb === null ? [] : [`GOSUMDB=${goSumDb}\n`]),
  ];
  return lines.length === 0 ? [] : [["go.env", lines.join("")]];
}

function cargoConfig(registry: string): string {
  return [
    "[source.crates-io]",
    'replace-with = "configured"',
    "[source.configured]",
    `registry = ${JSON.stringify(`sparse+${registry.replace(/\/*$/, "/")}`)}`,
    "",
  ].join("\n");
}

/** Each certificate of the bundle in a file of its own, as `update-ca-certificates` wants them. */
export function certificateFiles(caPem: string): ContextFile[] {
  const blocks = caPem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block, index) =>
    textFile(`${certificateSource}/${String(index + 1).padStart(4, "0")}.crt`, `${block}\n`),
  );
}

/** A file of the context that every user may read. */
export function textFile(path: string, text: string): ContextFile {
  return { path, mode: 0o644, content: new TextEncoder().encode(text) };
}
