import { escapeText, quoteValue } from "../../diagnostic/quote-value.ts";
import type { EngineInfo } from "../../engine/engine.ts";
import type { NetworkDetails } from "../../engine/sandbox/network-port.ts";
import { asObject, ownValue } from "../../skill/own-value.ts";
import { formatAddress, parseAddress } from "../browser/web-proxy/parse-address.ts";
import { containerLabels } from "../container/container-plan.ts";
import type { AuditFinding } from "./audit-finding.ts";
import type { HostListeners, Listener } from "./host-listeners.ts";
import { openInspected } from "./inspected-container.ts";

/** What containers can meet in their networks. */
export interface AuditedNetworks {
  readonly product: EngineInfo["product"];
  /** By their names. */
  readonly networks: ReadonlyMap<string, NetworkDetails>;
  /** Null: that cannot be told here. */
  readonly host: HostListeners | null;
}

/** Names of the networks that a container is in. `inspected`: as for `auditContainer`. */
export function joinedNetworks(inspected: unknown): readonly string[] {
  return Object.keys(joined(inspected));
}

/** Whom one container reaches in its networks, and what of this machine: no firewall's rules are known. */
export function auditNetworks(
  name: string,
  inspected: unknown,
  { networks, host, product }: AuditedNetworks,
): readonly AuditFinding[] {
  const labels = asObject(ownValue(openInspected(inspected).config, "Labels"));
  const role = ownValue(labels, containerLabels.role) === "browser" ? "browser" : "docker";
  const found = (check: string, severity: AuditFinding["severity"], what: string, fix: string) => ({
    ...{ check, severity, fix, subject: name },
    message: `${name}: ${what}.`,
  });
  return Object.entries(joined(inspected)).flatMap(([networkName, told]) => {
    const network = networks.get(networkName);
    if (network === undefined || network.driver !== "bridge") return [];
    const inNetwork = `on the network ${quoteValue(networkName)}`;
    const others = network.connectsContainers ? network.containerNames.filter((other) => other !== name) : [];
    const gateways = [...told, ...network.subnets.map(({ gateway }) => gateway)].flatMap(usualSpelling);
    const isHere = host !== null && gateways.some((each) => host.addresses.has(each));
    const reached = isHere ? reachedPorts(host, network, gateways) : [];
    const isOwn = ownValue(labels, containerLabels.network) === networkName;
    return [
      ...(others.length === 0
        ? []
        : [
            found(
              "CONTAINERS_IN_REACH",
              "medium",
              `${inNetwork} it reaches ${others.map(quoteValue).join(", ")}`,
              `Set ${role}.network to "none", or to a network that nothing else is in.`,
            ),
          ]),
      ...(reached.length === 0
        ? []
        : [
            found(
              "HOST_PORTS_IN_REACH",
              "high",
              `${inNetwork} it reaches what this machine listens on, unless a firewall is between: ${reached.join(", ")}`,
              `${closingFixes[role]} Or close all ports to it: ${closingRule(network, isOwn, product)}`,
            ),
          ]),
      ...(isHere
        ? []
        : [
            found(
              "HOST_PORTS_UNKNOWN",
              "low",
              `${inNetwork} it reaches what the engine's machine listens on, which cannot be seen from here`,
              `${closingFixes[role]} Or run audit on that machine.`,
            ),
          ]),
    ];
  });
}

const closingFixes = {
  browser: "Take browser.network out: its web comes through a filtering proxy then.",
  docker: 'Set docker.network to "none".',
} as const;

/** Network → this machine's addresses in it, as the container was told; empty ones: it does not run, or has none. */
function joined(inspected: unknown): Readonly<Record<string, readonly string[]>> {
  const settings = asObject(ownValue(openInspected(inspected).answer, "NetworkSettings"));
  const entries = Object.entries(asObject(ownValue(settings, "Networks")) ?? {});
  return Object.fromEntries(
    entries.map(([name, network]) => {
      const gateways = ["Gateway", "IPv6Gateway"].map((key) => ownValue(asObject(network), key));
      return [name, gateways.filter((gateway) => typeof gateway === "string")];
    }),
  );
}

/** Some engines write the length of the network behind it. Nothing where it is no address. */
function usualSpelling(gateway: string): readonly string[] {
  const address = parseAddress(gateway.split("/")[0] ?? "");
  return address === null ? [] : [formatAddress(address)];
}

/** `22 (sshd)`, each port once. */
function reachedPorts(
  { listeners }: HostListeners,
  network: NetworkDetails,
  gateways: readonly string[],
): readonly string[] {
  const ports = new Map<number, string | null>();
  for (const listener of listeners) {
    if (!isReached(listener, network, gateways)) continue;
    ports.set(listener.port, ports.get(listener.port) ?? listener.program);
  }
  return [...ports].map(([port, program]) =>
    program === null ? String(port) : `${port} (${escapeText(program)})`,
  );
}

/** Every address of a machine answers on every network of its, but for loopback: only where nothing leads out, one does. */
function isReached(
  { address }: Listener,
  { internal, ipv6, subnets }: NetworkDetails,
  gateways: readonly string[],
): boolean {
  // Also of IPv4, unless its program has said otherwise, which nobody else can see.
  if (address === "::" || gateways.includes(address)) return true;
  const isOfIpv6 = address.includes(":");
  const known = [...gateways, ...subnets.map(({ range }) => range)];
  if (!(isOfIpv6 && ipv6) && !known.some((each) => each.includes(":") === isOfIpv6)) return false;
  if (address === "0.0.0.0") return true;
  return !internal && !address.startsWith("127.") && address !== "::1";
}

/** New connections only: control of a browser comes from this machine. What is made anew may get other addresses. */
function closingRule({ subnets }: NetworkDetails, isOwn: boolean, product: EngineInfo["product"]): string {
  const bridges = product === "podman" ? "-i podman+" : "-i br-+";
  const rules = subnets.map(({ range }) => {
    const program = range.includes(":") ? "ip6tables" : "iptables";
    return `sudo ${program} -I INPUT ${isOwn ? bridges : `-s ${range}`} -p tcp -m conntrack --ctstate NEW -j DROP`;
  });
  return [...new Set(rules)].join(" && ");
}
