import { describe, expect, it } from "vitest";
import {
  parseAbsoluteTarget,
  parseAuthority,
} from "../../../../src/sandbox/browser/web-proxy/parse-destination.ts";

function read(text: string): string {
  const parsed = parseAuthority(text);
  if (!parsed.ok) return parsed.rule;
  const { host, port } = parsed.destination;
  return `${host.kind} ${host.kind === "name" ? host.name : host.text} ${port}`;
}

describe("parseAuthority", () => {
  it.each([
    ["example.com:443", "name example.com 443"],
    ["EXAMPLE.com.:443", "name example.com 443"],
    ["xn--bcher-kva.example:443", "name xn--bcher-kva.example 443"],
    ["_dmarc.example.com:80", "name _dmarc.example.com 80"],
    ["localhost:80", "name localhost 80"],
    ["192.0.2.1:80", "address 192.0.2.1 80"],
    ["192.0.2.1.:80", "address 192.0.2.1 80"],
    ["[2001:DB8::1]:80", "address 2001:db8::1 80"],
    ["[::ffff:127.0.0.1]:80", "address ::ffff:127.0.0.1 80"],
  ])("%s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    "0177.0.0.1:80",
    "0x7f.0.0.1:80",
    "0x7f000001:80",
    "0X7F000001:80",
    "2130706433:80",
    "127.1:80",
    "127.0.1:80",
    "017700000001:80",
    "example.0x1:80",
    "1.2.3.4.5:80",
    "00127.0.0.1:80",
    "１２７.0.0.1:80",
    "[fe80::1%eth0]:80",
    "[127.0.0.1]:80",
    "[::1.2.3]:80",
    "[]:80",
  ])("%s only hides an address", (text) => {
    expect(read(text)).toBe("odd-spelling");
  });

  it.each([
    "",
    ":80",
    "example.com",
    "example.com:",
    "example.com:0",
    "example.com:65536",
    "example.com:0x50",
    "example.com:80:80",
    "::1:80",
    "user@example.com:80",
    "user:password@example.com:80",
    "example.com/path:80",
    "example..com:80",
    ".example.com:80",
    "-example.com:80",
    "bücher.example:80",
    "127。0。0。1:80",
    "ex\u00adample.com:80",
    "%6c%6f%63alhost:80",
    "exa mple.com:80",
    "example.com\0.evil:80",
    "example.com..:80",
    `${"a".repeat(64)}.example:80`,
    `${"a.".repeat(127)}aa:80`,
  ])("%s is no destination", (text) => {
    expect(read(text)).toBe("not-a-destination");
  });

  it("reads a long text in one pass", () => {
    expect(read(`${"a".repeat(60_000)}:80`)).toBe("not-a-destination");
    expect(read(`${"a.".repeat(30_000)}1:80`)).toBe("odd-spelling");
  });
});

describe("parseAbsoluteTarget", () => {
  it.each([
    ["http://example.com", "example.com", 80, "/"],
    ["HTTP://Example.com?q=1", "example.com", 80, "/?q=1"],
    ["http://example.com:8080/a%20b?c=d", "example.com:8080", 8080, "/a%20b?c=d"],
    ["http://[2001:db8::1]:80/", "[2001:db8::1]", 80, "/"],
    ["http://[2001:db8::1]:81/x", "[2001:db8::1]:81", 81, "/x"],
  ])("%s", (text, authority, port, path) => {
    expect(parseAbsoluteTarget(text)).toMatchObject({ ok: true, authority, path, destination: { port } });
  });

  it.each([
    "/",
    "*",
    "example.com:80",
    "https://example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "http:/example.com/",
    "http:///path",
    "http://user@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com/\r\nHost: evil",
    "http://example.com/#fragment",
    "http://example.com#@127.0.0.1/",
    "http://example.com:/",
  ])("%s is none", (text) => {
    expect(parseAbsoluteTarget(text)).toEqual({ ok: false, rule: "not-a-destination" });
  });
});
