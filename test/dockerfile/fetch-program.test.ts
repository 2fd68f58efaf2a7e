import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FetchResult, runFetch, serveFolder, sha256Of } from "../support/fetch-program.ts";
import { startDownloadHost } from "../support/start-download-host.ts";

const archives = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-archives-"));
const script = new URL("../support/make-archives.py", import.meta.url).pathname;
beforeAll(() => void execFileSync("python3", [script, archives]), 120_000);
afterAll(() => rmSync(archives, { recursive: true }));

const run = (result: FetchResult, bin = "tool") =>
  execFileSync(join(result.output, "bin", bin), { encoding: "utf8" });
/** Each entry with its permission bits, or with what it leads to. */
const listing = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const shown = entry.isSymbolicLink() ? readlinkSync(path) : (lstatSync(path).mode & 0o7777).toString(8);
      return [path.slice(folder.length + 1), shown];
    }),
  );

describe("unpacking", () => {
  test.each(["tar.gz", "tar.xz", "tar.bz2", "zip"])(
    "a %s gives the same tree as any other",
    async (ending) => {
      const host = await serveFolder(archives);
      const bytes = readFileSync(join(archives, `tree.${ending}`));
      const url = `https://files.example.com/tree.${ending}`;
      const result = await runFetch(host, { url, sha256: sha256Of(bytes), strip: 1 });
      expect(result.stderr).toBe("");
      expect(listing(result.output)).toEqual({
        bin: "755",
        "bin/tool": "../tree/bin/tool",
        tree: "755",
        "tree/README": "644",
        "tree/bin": "755",
        "tree/bin/alias": "tool",
        "tree/bin/tool": "755",
        "tree/bin/twin": "755",
        "tree/share": "755",
        "tree/share/completions": "755",
        "tree/share/completions/tool": "644",
        "tree/share/program": "../bin/tool",
      });
      expect(run(result)).toBe("tool 1.0\n");
      expect(result.record()).toEqual({ url, sha256: sha256Of(bytes), sizeBytes: bytes.length });
    },
  );

  test("a program is taken as it is, and runs under each of its names", async () => {
    const host = await serveFolder(archives);
    const url = "https://files.example.com/tool";
    const result = await runFetch(host, { url, commands: ["tool=", "other="] });
    expect([run(result), run(result, "other")]).toEqual(["tool 1.0\n", "tool 1.0\n"]);
    expect(result.stdout).toContain(sha256Of(readFileSync(join(archives, "tool"))));
  });

  test.each([
    ["from-windows.zip", [], "tool"],
    ["one-program.tar.gz", [], "tool-linux-amd64"],
    ["several.tar.gz", ["tool=a/tool"], "a/tool"],
    ["tree.tar.gz", ["tool=tool-1.0/bin/alias"], "tool-1.0/bin/alias"],
  ])("finds the command in %s", async (name, commands, file) => {
    const host = await serveFolder(archives);
    const url = `https://files.example.com/${name}`;
    const result = await runFetch(host, { url, ...(commands.length > 0 && { commands }) });
    expect(result.stderr).toBe("");
    expect(readlinkSync(join(result.output, "bin/tool"))).toBe(`../tree/${file}`);
    expect(run(result)).toBe("tool 1.0\n");
  });

  test.each([
    ["several.tar.gz", "tool=", "has several files for tool: 'a/tool', 'b/tool'"],
    ["none.tar.gz", "tool=", "has no file named 'tool'"],
    ["tree.tar.gz", "tool=bin/tool", "has no file 'bin/tool'"],
    ["tree.tar.gz", "tool=../../../../../../bin/sh", "has no file"],
  ])("fails where %s does not hold %s", async (name, command, reason) => {
    const host = await serveFolder(archives);
    const url = `https://files.example.com/${name}`;
    const result = await runFetch(host, { url, commands: [command] });
    expect(result.stderr).toContain(reason);
    expect(result.left).toEqual([]);
  });
});

describe("fetching", () => {
  const program = "#!/bin/sh\necho tool 1.0\n";
  const url = "https://files.example.com/tool";
  const redirectTo =
    (location: string): RequestListener =>
    ({ url: path }, response) =>
      path === "/tool" ? response.writeHead(302, { location }).end() : response.end(program);

  test("another content than the declared one is refused", async () => {
    const host = await startDownloadHost((_, response) => response.end(program));
    const result = await runFetch(host, { url, sha256: "0".repeat(64) });
    expect(result.stderr).toContain(sha256Of(Buffer.from(program)));
    expect([result.exitCode, result.left]).toEqual([65, []]);
    expect(host.requests).toEqual(["files.example.com GET /tool"]);
  });

  test("what is not there is asked for once", async () => {
    const host = await startDownloadHost((_, response) => response.writeHead(404).end());
    const result = await runFetch(host, { url });
    expect(result.stderr).toContain(`the server answers 404 for ${url}`);
    expect([result.left, host.requests.length]).toEqual([[], 1]);
  });

  test("a server that fails, or cuts its answer short, is asked again", async () => {
    let count = 0;
    const host = await startDownloadHost((_, response) => {
      count += 1;
      if (count === 1) response.writeHead(503).end();
      else if (count === 2) {
        response.writeHead(200, { "content-length": program.length });
        response.write(program.slice(0, 9), () => response.destroy());
      } else response.end(program);
    });
    const result = await runFetch(host, { url });
    expect(run(result)).toBe("tool 1.0\n");
    expect(host.requests).toHaveLength(3);
  });

  test("a redirect to another public host is followed", async () => {
    const host = await startDownloadHost(redirectTo("https://objects.example.com/tool-1.0"));
    const result = await runFetch(host, { url });
    expect(run(result)).toBe("tool 1.0\n");
    expect(host.requests).toEqual(["files.example.com GET /tool", "objects.example.com GET /tool-1.0"]);
    expect(result.record()).toMatchObject({ url });
  });

  test.each([
    "http://files.example.com/tool-1.0",
    "file:///etc/passwd",
    "ftp://files.example.com/tool",
    "https://user:secret@files.example.com/tool-1.0",
    "https://127.0.0.1/tool",
    "https://[::1]/tool",
    "https://[::ffff:127.0.0.1]/tool",
    "https://169.254.169.254/latest/meta-data",
    "https://2130706433/tool",
    "https://0x7f.1/tool",
    "https://localhost/tool",
    "https://tool.localhost/tool",
    "https://metadata.google.internal/tool",
    "https://printer.local/tool",
    "https://metadata/tool",
  ])("a redirect to %s is refused before it is followed", async (location) => {
    const host = await startDownloadHost(redirectTo(location));
    const result = await runFetch(host, { url });
    expect(result.stderr).toMatch(/^skillcrate: .*(?:only|leads to|answers 302)/);
    expect(result.exitCode).toBe(result.stderr.includes("answers 302") ? 1 : 65);
    expect(result.left).toEqual([]);
    expect(host.connections).toEqual(["files.example.com:443"]);
  });

  test("endless redirects end", async () => {
    const host = await startDownloadHost((_, response) => response.writeHead(302, { location: url }).end());
    const result = await runFetch(host, { url });
    expect(result.exitCode).toBe(1);
    expect(host.requests.length).toBeLessThan(40);
  });

  test("a host that cannot be reached is told from an address that leads to one", async () => {
    const gone = "https://gone.example.net/tool";
    const host = await startDownloadHost(redirectTo(gone));
    const first = await runFetch(host, { url: gone });
    expect(first.stderr).toContain("skillcrate: gone.example.net cannot be reached: ");
    const second = await runFetch(host, { url });
    expect(second.stderr).toContain(`skillcrate: ${url} cannot be reached: `);
    expect([first.exitCode, second.exitCode, first.left, second.left]).toEqual([1, 1, [], []]);
  });

  test("a file that says to be endless is not read", async () => {
    const host = await startDownloadHost((_, response) => {
      response.writeHead(200, { "content-length": 5 * 1024 ** 3 });
      response.write("x");
    });
    const result = await runFetch(host, { url });
    expect(result.stderr).toContain("larger than");
    expect(result.left).toEqual([]);
  });

  test("a proxy may speak TLS itself, and its login stays with it", async () => {
    const large = Buffer.alloc(3_000_000, program);
    const host = await startDownloadHost((_, response) => response.end(large));
    const proxy = `127.0.0.1:${host.tlsPort}`;
    const result = await runFetch(host, { url, env: { https_proxy: `https://user:p%40ss@${proxy}` } });
    expect(result.stderr).toBe("");
    expect(result.record()).toMatchObject({ sha256: sha256Of(large) });
    expect(host.connections).toEqual(["files.example.com:443"]);
    expect(host.proxyLogins).toEqual([`Basic ${Buffer.from("user:p@ss").toString("base64")}`]);
    const other = await startDownloadHost(redirectTo(url));
    const env = { https_proxy: `https://user:p%40ss@127.0.0.1:${other.tlsPort}`, SSL_CERT_FILE: host.caFile };
    const refused = await runFetch(other, { url, env });
    expect(refused.stderr).toMatch(/^skillcrate: files\.example\.com cannot be reached: .*certificate/);
    expect([refused.exitCode, other.connections]).toEqual([1, []]);
  });

  test.each([
    "socks5://u:s3cret@127.0.0.1:9",
    "http://u:x/s3cret@127.0.0.1:9",
    "u:1@h:s3cret",
    "https://[s3cret",
  ])("a proxy that nobody can ask is told without its login: %s", async (proxy) => {
    const host = await startDownloadHost((_, response) => response.end(program));
    const result = await runFetch(host, { url, env: { https_proxy: proxy } });
    expect(result.stderr).toContain("the proxy has no address like http://HOST:PORT");
    expect(result.stderr).not.toContain("s3cret");
    expect([result.exitCode, result.left]).toEqual([1, []]);
  });

  test("a host that nobody vouches for is refused", async () => {
    const host = await startDownloadHost((_, response) => response.end(program));
    const env = { https_proxy: `http://127.0.0.1:${host.port}`, SSL_CERT_FILE: "/dev/null" };
    const result = await runFetch(host, { url, env });
    expect(result.stderr).toContain("certificate");
    expect([result.left, host.requests]).toEqual([[], []]);
  });
});

describe("names that lead inside", () => {
  const lookingUp = (address: string, ...others: string[]) => {
    const rows = [address, ...others].map((each) => `(2, 1, 6, "", ("${each}", 443))`).join(", ");
    return [
      "import socket",
      `socket.getaddrinfo = lambda *_, **__: [${rows}]`,
      'def nobody(address, *_): raise OSError("connected to " + address[0])',
      "socket.create_connection = nobody\n",
    ].join("\n");
  };
  const url = "https://files.example.com/tool";

  test.each([
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.17.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "224.0.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "fe80::1",
    "fd00:ec2::254",
  ])("%s is never connected to", async (address) => {
    const host = await startDownloadHost((_, response) => response.end());
    const result = await runFetch(host, { url, env: {}, before: lookingUp(address) });
    expect(result.stderr).toContain("of the network inside");
    expect(result.left).toEqual([]);
    const among = await runFetch(host, { url, env: {}, before: lookingUp("1.1.1.1", address) });
    expect(among.stderr).toContain("of the network inside");
  });

  test.each([
    ["10.0.0.1", true],
    ["fd12::1", true],
    ["127.0.0.1", false],
    ["169.254.169.254", false],
    ["0.0.0.0", false],
  ])("a host that needs no proxy may be %s in a company's network: %s", async (address, isTried) => {
    const host = await startDownloadHost((_, response) => response.end());
    const env = { no_proxy: "files.example.com" };
    const result = await runFetch(host, { url, env, before: lookingUp(address) });
    expect(result.stderr.includes(`connected to ${address}`)).toBe(isTried);
  });
});
