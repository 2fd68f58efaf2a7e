import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeAddress, type OwnNetworks } from "../../../../src/sandbox/browser/web-proxy/judge-address.ts";
import {
  formatAddress,
  parseAddress,
  parseRange,
} from "../../../../src/sandbox/browser/web-proxy/parse-address.ts";
import { readOwnNetworks } from "../../../../src/sandbox/browser/web-proxy/read-own-networks.ts";

const nowhere: OwnNetworks = { addresses: [], networks: [] };

function rule(text: string, own = nowhere): string {
  const bytes = parseAddress(text);
  if (bytes === null) throw new Error(`no address: ${text}`);
  return judgeAddress(bytes, own)?.rule ?? "public";
}

describe("judgeAddress", () => {
  it.each([
    ["1.1.1.1", "public"],
    ["9.255.255.255", "public"],
    ["11.0.0.0", "public"],
    ["172.15.255.255", "public"],
    ["172.32.0.0", "public"],
    ["100.63.255.255", "public"],
    ["100.128.0.0", "public"],
    ["192.167.255.255", "public"],
    ["223.255.255.255", "public"],
    ["2606:4700:4700::1111", "public"],
    ["2a00:1450:4001:80b::200e", "public"],
    ["0.0.0.0", "unspecified"],
    ["0.1.2.3", "unspecified"],
    ["::", "unspecified"],
    ["127.0.0.1", "loopback"],
    ["127.255.255.254", "loopback"],
    ["::1", "loopback"],
    ["10.0.0.1", "private"],
    ["172.16.0.1", "private"],
    ["172.31.255.255", "private"],
    ["192.168.0.1", "private"],
    ["fc00::1", "private"],
    ["fdff::1", "private"],
    ["100.64.0.1", "shared-private"],
    ["100.127.255.255", "shared-private"],
    ["169.254.0.1", "link-local"],
    ["fe80::1", "link-local"],
    ["febf::1", "link-local"],
    ["169.254.169.254", "metadata"],
    ["169.254.170.2", "metadata"],
    ["100.100.100.200", "metadata"],
    ["168.63.129.16", "metadata"],
    ["192.0.0.192", "metadata"],
    ["fd00:ec2::254", "metadata"],
    ["fd20:ce::254", "metadata"],
    ["224.0.0.1", "multicast"],
    ["239.255.255.250", "multicast"],
    ["ff02::1", "multicast"],
    ["192.0.0.8", "reserved"],
    ["192.0.2.1", "reserved"],
    ["192.88.99.1", "reserved"],
    ["198.18.0.1", "reserved"],
    ["198.51.100.1", "reserved"],
    ["203.0.113.1", "reserved"],
    ["240.0.0.1", "reserved"],
    ["255.255.255.255", "reserved"],
    ["2001:db8::1", "reserved"],
    ["3fff::1", "reserved"],
    ["100::1", "reserved"],
    ["fec0::1", "reserved"],
    ["4000::1", "reserved"],
    // IPv4 in IPv6 clothes
    ["::ffff:1.1.1.1", "public"],
    ["::ffff:127.0.0.1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["::ffff:10.0.0.1", "private"],
    ["::ffff:169.254.169.254", "metadata"],
    ["::127.0.0.1", "translated"],
    ["::1.1.1.1", "translated"],
    ["64:ff9b::1.1.1.1", "public"],
    ["64:ff9b::127.0.0.1", "translated"],
    ["64:ff9b::a9fe:a9fe", "translated"],
    ["64:ff9b:1::1.1.1.1", "translated"],
    ["2002:7f00:1::1", "translated"],
    ["2002:101:101::1", "translated"],
    ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "translated"],
    ["2a00:1450::5efe:10.0.0.1", "translated"],
    ["2a00:1450::200:5efe:192.168.0.1", "translated"],
    ["fd00::5efe:1.1.1.1", "private"],
  ])("%s is %s", (address, expected) => {
    expect(rule(address)).toBe(expected);
  });

  it("knows this machine by its own numbers, and the network that it is in, before what is merely private", () => {
    const own: OwnNetworks = {
      addresses: [
        bytesOf("93.184.216.7"),
        bytesOf("10.1.0.7"),
        bytesOf("2606:2800:220:1::7"),
        bytesOf("127.0.0.1"),
      ],
      networks: [rangeOf("93.184.216.0/28"), rangeOf("10.1.0.0/16"), rangeOf("2606:2800:220:1::/64")],
    };
    expect(rule("93.184.216.7", own)).toBe("own-address");
    expect(rule("::ffff:93.184.216.7", own)).toBe("own-address");
    expect(rule("64:ff9b::93.184.216.7", own)).toBe("translated");
    expect(rule("10.1.0.7", own)).toBe("own-address");
    expect(rule("2606:2800:220:1::7", own)).toBe("own-address");
    expect(rule("93.184.216.8", own)).toBe("own-network");
    expect(rule("2606:2800:220:1:ffff::1", own)).toBe("own-network");
    expect(rule("10.1.0.8", own)).toBe("private");
    expect(rule("127.0.0.1", own)).toBe("loopback");
    expect(rule("93.184.216.16", own)).toBe("public");
    expect(rule("2606:2800:220:2::1", own)).toBe("public");
  });

  it("refuses every address that this machine has", () => {
    const own = readOwnNetworks();
    expect(own.addresses.length).toBeGreaterThan(0);
    expect(own.addresses.filter((address) => judgeAddress(address, own) === null)).toEqual([]);
  });

  it("lets nothing through that Python's own tables call not global", () => {
    const addresses = fc.sample(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.tuple(fc.constantFrom(...prefixes), fc.ipV4()).map(([prefix, address]) => prefix + address),
        fc
          .tuple(fc.constantFrom(...starts), fc.nat(255), fc.nat(255))
          .map(([start, a, b]) => `${start}.${a}.${b}`),
      ),
      { numRuns: 3000, seed: 7 },
    );
    const program = `
import ipaddress, sys
for line in sys.stdin:
    address = ipaddress.ip_address(line.strip())
    address = getattr(address, "ipv4_mapped", None) or address
    print(int(address.is_global and not address.is_multicast))`;
    const globals = execFileSync("python3", ["-c", program], {
      input: addresses.join("\n"),
      encoding: "utf8",
    });
    const passed = addresses.filter((address) => rule(address) === "public");
    const isGlobal = globals
      .trim()
      .split("\n")
      .map((line) => line === "1");
    expect(addresses.filter((address, index) => passed.includes(address) && !isGlobal[index])).toEqual([]);
    expect(passed.length).toBeGreaterThan(300);
  });
});

const prefixes = ["::ffff:", "64:ff9b::", "2002::", "::", "2a00:1450::5efe:"];
const starts = [
  "100.64",
  "169.254",
  "172.16",
  "192.0",
  "192.168",
  "198.18",
  "198.51",
  "203.0",
  "192.88",
  "127.0",
];

describe("parseAddress", () => {
  it.each([
    "010.0.0.1",
    "0x7f.0.0.1",
    "127.1",
    "2130706433",
    "1.2.3.4.5",
    "1.2.3.256",
    "fe80::1%eth0",
    "[::1]",
    "",
    "::1 ",
    ":::",
    "1::2::3",
  ])("takes no %s", (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        const bytes = parseAddress(text);
        expect(bytes?.length).toBe(text.includes(":") ? 16 : 4);
        const shown = formatAddress(bytes ?? new Uint8Array());
        expect(parseAddress(shown)).toEqual(bytes);
        // The platform's own reading is the same.
        if (text.includes(":")) expect(new URL(`http://[${text}]`).hostname).toBe(`[${shown}]`);
        else expect(shown).toBe(text);
      }),
    );
  });

  it("reads ranges, and no others", () => {
    expect(parseRange("10.200.3.4/9")).toEqual({ bytes: Uint8Array.of(10, 128, 0, 0), bits: 9 });
    expect(parseRange("::1")?.bits).toBe(128);
    for (const text of [
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0/08",
      "10.0.0.0/-1",
      "::/129",
      "10.0.0.0/8/8",
      "/8",
      "x/8",
    ]) {
      expect(parseRange(text)).toBeNull();
    }
  });
});

function bytesOf(text: string): Uint8Array {
  return parseAddress(text) ?? new Uint8Array();
}

function rangeOf(text: string): { bytes: Uint8Array; bits: number } {
  return parseRange(text) ?? { bytes: new Uint8Array(), bits: 0 };
}
