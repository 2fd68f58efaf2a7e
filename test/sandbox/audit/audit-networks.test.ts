import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { NetworkDetails } from "../../../src/engine/sandbox/network-port.ts";
import { auditNetworks, joinedNetworks } from "../../../src/sandbox/audit/audit-networks.ts";
import type { HostListeners } from "../../../src/sandbox/audit/host-listeners.ts";
import { readHostListeners } from "../../../src/sandbox/audit/read-host-listeners.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const agents: NetworkDetails = {
  ...{ id: "ab".repeat(32), name: "agents", labels: {}, driver: "bridge", internal: false, ipv6: false },
  connectsContainers: true,
  subnets: [{ range: "172.20.0.0/16", gateway: "172.20.0.1" }],
  containerNames: ["box"],
};

const listening = (address: string, port: number, program: string | null = null) => ({
  address,
  port,
  program,
});

const host: HostListeners = {
  addresses: new Set(["127.0.0.1", "192.0.2.7", "172.20.0.1"]),
  listeners: [
    listening("0.0.0.0", 22, "sshd"),
    listening("127.0.0.1", 25, "mail"),
    listening("::1", 631),
    listening("172.20.0.1", 3128, "proxy"),
    listening("192.0.2.7", 5432),
    listening("2001:db8::7", 6000),
    listening("::", 8080),
    listening("0.0.0.0", 8080, "web\u001b[2J"),
  ],
};

const container = (labels: object = {}, networks: object = { agents: { Gateway: "" } }) => ({
  Config: { Labels: labels },
  NetworkSettings: { Networks: networks },
});

function audit(
  network: Partial<NetworkDetails> = {},
  seen: HostListeners | null = host,
  inspected: object = container(),
) {
  const networks = new Map([["agents", { ...agents, ...network }]]);
  return auditNetworks("box", inspected, { product: "docker", networks, host: seen });
}

describe("auditNetworks", () => {
  it("names the ports of this machine that are reached, each once, with who listens there", () => {
    expect(audit()).toEqual([
      {
        check: "HOST_PORTS_IN_REACH",
        severity: "high",
        subject: "box",
        message:
          'box: on the network "agents" it reaches what this machine listens on, unless a firewall is between: 22 (sshd), 3128 (proxy), 5432, 8080 (web\\u001b[2J).',
        fix: 'Set docker.network to "none". Or close all ports to it: sudo iptables -I INPUT -s 172.20.0.0/16 -p tcp -m conntrack --ctstate NEW -j DROP',
      },
    ]);
    const ports = (network: Partial<NetworkDetails>) =>
      audit(network)[0]?.message.match(/\d{2,}(?= \(|,|\.$)/g);
    expect(ports({ internal: true })).toEqual(["22", "3128", "8080"]);
    expect(ports({ ipv6: true })).toContain("6000");
  });

  it("knows networks of both families, and of IPv6 alone", () => {
    const found = (subnets: NetworkDetails["subnets"]) => audit({ ipv6: true, subnets })[0];
    const ipv6 = { range: "fd00:c9::/64", gateway: "" };
    const told = container({}, { agents: { Gateway: "", IPv6Gateway: "fd00:c9:0::1" } });
    const here = { ...host, addresses: new Set([...host.addresses, "fd00:c9::1"]) };
    expect(found([...agents.subnets, ipv6])?.message).toContain("5432, 6000, 8080");
    expect(found([...agents.subnets, ipv6])?.fix).toContain(
      "sudo iptables -I INPUT -s 172.20.0.0/16 -p tcp -m conntrack --ctstate NEW -j DROP && sudo ip6tables -I INPUT -s fd00:c9::/64 -p tcp",
    );
    const [alone] = audit({ ipv6: true, subnets: [ipv6] }, here, told);
    expect(alone).toMatchObject({ check: "HOST_PORTS_IN_REACH" });
    expect(alone?.message).toContain("between: 6000, 8080.");
    expect(alone?.fix).not.toContain("iptables -I INPUT -s 172");
    expect(audit({ ipv6: true, subnets: [ipv6] }, host, told)).toMatchObject([
      { check: "HOST_PORTS_UNKNOWN" },
    ]);
  });

  it("says nothing where nothing is reached, nor of a network that is no bridge", () => {
    expect(audit({}, { ...host, listeners: [listening("127.0.0.1", 25)] })).toEqual([]);
    expect(audit({ driver: "null" })).toEqual([]);
    expect(audit({}, host, container({}, {}))).toEqual([]);
    expect(audit({}, host, {})).toEqual([]);
  });

  it("knows a browser, and a network of its own, whose numbers change", () => {
    const labels = { "dev.skillcrate.role": "browser", "dev.skillcrate.network": "agents" };
    const [found] = audit({}, host, container(labels));
    expect(found?.fix).toBe(
      "Take browser.network out: its web comes through a filtering proxy then. Or close all ports to it: sudo iptables -I INPUT -i br-+ -p tcp -m conntrack --ctstate NEW -j DROP",
    );
  });

  it("names who else is there, where they reach each other", () => {
    const containerNames = ["box", "db", "web"];
    const [found] = audit({ containerNames }, { ...host, listeners: [] });
    expect(found).toMatchObject({ check: "CONTAINERS_IN_REACH", severity: "medium" });
    expect(found?.message).toBe('box: on the network "agents" it reaches "db", "web".');
    expect(audit({ containerNames, connectsContainers: false }, { ...host, listeners: [] })).toEqual([]);
  });

  it("does not take another machine for the engine's", () => {
    for (const seen of [null, { ...host, addresses: new Set(["127.0.0.1"]) }]) {
      expect(audit({}, seen)).toMatchObject([{ check: "HOST_PORTS_UNKNOWN", severity: "low" }]);
    }
    // Some engines tell the address in the network to its containers alone.
    const told = container({}, { agents: { Gateway: "172.20.0.1" } });
    expect(audit({ subnets: [] }, host, told)).toMatchObject([{ check: "HOST_PORTS_IN_REACH" }]);
  });

  it("reads the names of networks", () => {
    expect(joinedNetworks(container({}, { a: {}, b: null }))).toEqual(["a", "b"]);
    expect(joinedNetworks(null)).toEqual([]);
  });
});

describe("readHostListeners", () => {
  it.runIf(process.platform === "linux")("finds what this very process listens on", async () => {
    const servers = await Promise.all(["0.0.0.0", "127.0.0.1"].map(listen));
    const { listeners, addresses } = readHostListeners() ?? { listeners: [], addresses: new Set() };
    const mine = servers.map(({ port }) => listeners.find((listener) => listener.port === port));
    expect(mine).toMatchObject([{ address: "0.0.0.0" }, { address: "127.0.0.1" }]);
    expect(mine.every((listener) => (listener?.program ?? "") !== "")).toBe(true);
    expect(addresses).toContain("127.0.0.1");
    expect(listeners.map(({ port }) => port)).toEqual(
      listeners.map(({ port }) => port).sort((a, b) => a - b),
    );
  });

  it("reads the kernel's tables: listeners alone, of both families, and the machine's addresses", () => {
    const proc = tempFolder();
    mkdirSync(join(proc, "net"));
    mkdirSync(join(proc, "77", "fd"), { recursive: true });
    symlinkSync("socket:[501]", join(proc, "77", "fd", "3"));
    writeFileSync(join(proc, "77", "comm"), "sshd\n");
    const row = (local: string, state: string, inode: number) =>
      `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 x\n`;
    const head = "  sl  local_address rem_address   st tx_queue rx_queue\n";
    writeFileSync(
      join(proc, "net", "tcp"),
      head +
        row("0114AC0A:1F90", "0A", 500) +
        row("00000000:0016", "0A", 501) +
        row("0100007F:0050", "01", 502),
    );
    writeFileSync(
      join(proc, "net", "tcp6"),
      head +
        row("00000000000000000000000000000000:0050", "0A", 503) +
        row("0000000000000000FFFF00000100007F:0051", "0A", 504) +
        row("B80D0120000000000000000007000000:0052", "0A", 505),
    );
    writeFileSync(join(proc, "net", "fib_trie"), routes);
    writeFileSync(join(proc, "net", "if_inet6"), "fd0000c9000000000000000000000001 24 40 00 80 br-1\n");
    const found = readHostListeners(proc);
    expect(found?.listeners).toEqual([
      { address: "0.0.0.0", port: 22, program: "sshd" },
      { address: "::", port: 80, program: null },
      { address: "127.0.0.1", port: 81, program: null },
      { address: "2001:db8::7", port: 82, program: null },
      { address: "10.172.20.1", port: 8080, program: null },
    ]);
    expect([...(found?.addresses ?? [])]).toEqual(["10.88.0.1", "127.0.0.1", "fd00:c9::1"]);
    expect(readHostListeners(join(proc, "none"))).toBeNull();
  });
});

/** As kernels write it. */
const routes = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.88.0.0/16 2 0 2
        |-- 10.88.0.0
           /16 link UNICAST
        |-- 10.88.0.1
           /32 host LOCAL
        |-- 10.88.255.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.0
           /8 host LOCAL
        |-- 127.0.0.1
           /32 host LOCAL
`;

async function listen(address: string): Promise<{ readonly port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => void server.close());
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return bound;
}
