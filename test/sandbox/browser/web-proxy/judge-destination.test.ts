import { describe, expect, it } from "vitest";
import type { OwnNetworks } from "../../../../src/sandbox/browser/web-proxy/judge-address.ts";
import { judgeConnection, judgeName } from "../../../../src/sandbox/browser/web-proxy/judge-destination.ts";
import { parseAddress } from "../../../../src/sandbox/browser/web-proxy/parse-address.ts";
import { parseAuthority } from "../../../../src/sandbox/browser/web-proxy/parse-destination.ts";
import {
  readWebPolicy,
  type WrittenWebPolicy,
} from "../../../../src/sandbox/browser/web-proxy/read-web-policy.ts";
import type { WebPolicy } from "../../../../src/sandbox/browser/web-proxy/web-policy.ts";

const own: OwnNetworks = {
  addresses: [Uint8Array.of(10, 9, 0, 1), Uint8Array.of(5, 5, 5, 5)],
  networks: [{ bytes: Uint8Array.of(5, 5, 5, 0), bits: 24 }],
};

/** `public`, or the rule. `at`: what the name's look-up gives. */
function judge(written: WrittenWebPolicy, authority: string, at?: string): string {
  const policy = policyOf(written);
  const parsed = parseAuthority(authority);
  if (!parsed.ok) return parsed.rule;
  const { destination } = parsed;
  const byName = judgeName(destination, policy);
  if (byName !== null) return byName.rule;
  const { host } = destination;
  const address = host.kind === "address" ? host.bytes : parseAddress(at ?? "1.1.1.1");
  return judgeConnection(destination, address ?? new Uint8Array(), policy, own)?.rule ?? "open";
}

function policyOf(written: WrittenWebPolicy): WebPolicy {
  const read = readWebPolicy(written);
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  return read.policy;
}

describe("without lists", () => {
  it.each([
    ["example.com:443", "1.1.1.1", "open"],
    ["example.com:25", "1.1.1.1", "open"],
    ["example.com:443", "127.0.0.1", "loopback"],
    ["example.com:443", "::ffff:192.168.0.1", "private"],
    ["example.com:443", "5.5.5.5", "own-address"],
    ["example.com:443", "5.5.5.6", "own-network"],
    ["1.1.1.1:443", undefined, "open"],
    ["[::1]:443", undefined, "loopback"],
    ["169.254.169.254:80", undefined, "metadata"],
  ])("%s at %s: %s", (authority, at, expected) => {
    expect(judge({}, authority, at)).toBe(expected);
  });
});

describe("an allow list", () => {
  it.each<[string, string[], string, string | undefined, string]>([
    ["is all there is", ["example.com"], "other.example:443", undefined, "not-allowed"],
    ["that is empty allows nothing", [], "example.com:443", undefined, "not-allowed"],
    ["takes a host", ["example.com"], "EXAMPLE.com.:443", undefined, "open"],
    ["takes no host below one", ["example.com"], "www.example.com:443", undefined, "not-allowed"],
    ["takes hosts below a star", ["*.example.com"], "a.b.example.com:443", undefined, "open"],
    ["takes not the host itself for a star", ["*.example.com"], "example.com:443", undefined, "not-allowed"],
    ["takes no host that only ends alike", ["*.example.com"], "badexample.com:443", undefined, "not-allowed"],
    ["takes a port", ["example.com:8443"], "example.com:8443", undefined, "open"],
    ["takes no other port", ["example.com:8443"], "example.com:443", undefined, "not-allowed"],
    ["takes all of the public web", ["*"], "example.com:443", undefined, "open"],
    ["takes a port of it", ["*:443"], "example.com:80", undefined, "not-allowed"],
    ["takes a name in another script", ["bücher.example"], "xn--bcher-kva.example:443", undefined, "open"],
    ["takes a public range", ["1.1.0.0/16"], "example.com:443", "1.1.1.1", "open"],
    ["takes nothing beside it", ["1.1.0.0/16"], "example.com:443", "1.2.1.1", "not-allowed"],
    ["takes an address by number", ["1.1.1.1"], "1.1.1.1:80", undefined, "open"],
    // What is not public
    ["opens nothing by a star", ["*"], "example.com:443", "10.0.0.1", "private"],
    ["opens nothing by a name", ["example.com"], "example.com:443", "10.0.0.1", "private"],
    ["opens nothing by localhost", ["localhost"], "localhost:80", "127.0.0.1", "loopback"],
    ["opens an address", ["127.0.0.1:3000"], "127.0.0.1:3000", undefined, "open"],
    ["opens it on that port", ["127.0.0.1:3000"], "127.0.0.1:3001", undefined, "not-allowed"],
    ["opens it beside the web", ["*", "127.0.0.1:3000"], "127.0.0.1:3001", undefined, "loopback"],
    ["opens it for names that lead to it", ["127.0.0.1:3000"], "localhost:3000", "127.0.0.1", "open"],
    ["opens it as IPv6 too", ["127.0.0.1"], "[::ffff:127.0.0.1]:80", undefined, "open"],
    ["reads a mapped one", ["::ffff:10.0.0.0/104"], "10.0.0.1:80", undefined, "open"],
    ["opens a private range", ["10.0.0.0/8"], "intranet.example:80", "10.2.3.4", "open"],
    ["opens IPv6", ["[fd00::/8]:443"], "[fd00::1]:443", undefined, "open"],
    ["opens nothing by everything", ["0.0.0.0/0", "::/0"], "10.0.0.1:80", undefined, "private"],
    ["opens the web by everything", ["0.0.0.0/0"], "1.1.1.1:80", undefined, "open"],
    ["opens nothing by more than is private", ["10.0.0.0/7"], "10.0.0.1:80", undefined, "private"],
    ["opens this machine by no range", ["10.0.0.0/8"], "10.9.0.1:80", undefined, "own-address"],
    ["opens this machine by its address", ["10.9.0.1"], "10.9.0.1:80", undefined, "open"],
    ["opens the network that it is in", ["5.5.5.0/25"], "5.5.5.6:80", undefined, "open"],
    ["opens metadata by no range", ["169.254.0.0/16"], "169.254.169.254:80", undefined, "metadata"],
    ["opens metadata by its address", ["169.254.169.254"], "169.254.169.254:80", undefined, "open"],
    ["opens no multicast", ["224.0.0.1"], "224.0.0.1:80", undefined, "multicast"],
    ["opens no 0.0.0.0", ["0.0.0.0"], "0.0.0.0:80", undefined, "unspecified"],
    ["opens nothing that is carried", ["10.0.0.0/8"], "[64:ff9b::a00:1]:80", undefined, "translated"],
  ])("%s", (_, allow, authority, at, expected) => {
    expect(judge({ allow }, authority, at)).toBe(expected);
  });
});

describe("a deny list", () => {
  it.each<[string, WrittenWebPolicy, string, string | undefined, string]>([
    ["denies a host", { deny: ["example.com"] }, "example.com:443", undefined, "denied"],
    ["and not its neighbours", { deny: ["example.com"] }, "www.example.com:443", undefined, "open"],
    ["denies what is below", { deny: ["*.example.com"] }, "a.example.com:443", undefined, "denied"],
    ["denies a port", { deny: ["*:25"] }, "example.com:25", undefined, "denied"],
    ["denies a range by what names lead to", { deny: ["1.1.1.0/24"] }, "example.com:80", "1.1.1.1", "denied"],
    ["whatever they are written as", { deny: ["1.1.1.0/24"] }, "example.com:80", "::ffff:1.1.1.1", "denied"],
    ["denies a mapped range", { deny: ["::ffff:1.1.1.1"] }, "1.1.1.1:80", undefined, "denied"],
    ["beats a host", { allow: ["a.example"], deny: ["*.example"] }, "a.example:80", undefined, "denied"],
    ["beats an address", { allow: ["10.0.0.1"], deny: ["10.0.0.0/8"] }, "10.0.0.1:80", undefined, "denied"],
    ["denies all", { deny: ["*"] }, "example.com:80", undefined, "denied"],
  ])("%s", (_, written, authority, at, expected) => {
    expect(judge(written, authority, at)).toBe(expected);
  });
});

describe("with an upstream proxy", () => {
  const upstreamProxy = "http://user:pass%40word@proxy.example:3128";
  const byName = (authority: string, lists: WrittenWebPolicy = {}): string | null => {
    const parsed = parseAuthority(authority);
    if (!parsed.ok) return parsed.rule;
    return judgeName(parsed.destination, policyOf({ ...lists, upstreamProxy }))?.rule ?? null;
  };

  it("goes by names, since addresses are not known here", () => {
    expect(byName("example.com:443")).toBeNull();
    for (const name of [
      "localhost",
      "a.localhost",
      "metadata.google.internal",
      "printer.local",
      "wiki",
      "nas.home.arpa",
    ]) {
      expect(byName(`${name}:80`)).toBe("inside-name");
    }
    expect(byName("wiki:80", { allow: ["wiki"] })).toBeNull();
    expect(byName("a.internal:80", { allow: ["*"] })).toBe("inside-name");
    expect(byName("example.com:80", { allow: ["10.0.0.0/8"] })).toBe("not-allowed");
    expect(byName("example.com:80", { deny: ["example.com"] })).toBe("denied");
  });

  it("reads its address and its login", () => {
    expect(policyOf({ upstreamProxy }).upstream).toEqual({
      host: "proxy.example",
      port: 3128,
      authorization: `Basic ${Buffer.from("user:pass@word").toString("base64")}`,
    });
    expect(policyOf({ upstreamProxy: "http://[fd00::1]" }).upstream).toMatchObject({
      host: "fd00::1",
      port: 80,
    });
  });
});

describe("readWebPolicy", () => {
  it.each([
    "",
    " example.com",
    "https://example.com",
    "example.com/path",
    "example.com:0",
    "example.com:65536",
    "example.com:https",
    "*example.com",
    "a.*.com",
    "**",
    "user@example.com",
    "10.0.0.0/33",
    "010.0.0.1",
    "0x7f.1",
    "2130706433",
    "%31%30.0.0.1",
    "[::1",
    "::1:99999",
    "fe80::1%eth0",
    "exam ple.com",
    "example.com\n",
  ])("takes no entry %j, and no list that holds one", (text) => {
    for (const written of [{ allow: ["example.com", text] }, { deny: [text] }]) {
      const read = readWebPolicy({
        ...written,
        placeOf: ([key, index]) => ({ file: key, line: index ?? 0, column: 1 }),
      });
      expect(read).toMatchObject({
        ok: false,
        diagnostics: [
          {
            code: "WEB_ENTRY_INVALID",
            severity: "error",
            place: { file: expect.any(String), line: expect.any(Number) },
          },
        ],
      });
    }
  });

  it.each([
    "https://proxy:3128",
    "proxy:3128",
    "http://",
    "http://proxy/path",
    "http://p:x@y:99999",
    "socks5://proxy",
  ])("takes no upstream proxy %s, and shows nothing of it", (upstreamProxy) => {
    const read = readWebPolicy({ upstreamProxy });
    expect(read).toMatchObject({ ok: false, diagnostics: [{ code: "WEB_UPSTREAM_INVALID" }] });
    expect(JSON.stringify(read)).not.toContain("p:x");
  });
});
