import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { noNetworkSettings } from "../../src/dockerfile/network-settings.ts";
import { extractCertificates } from "../../src/source/extract-certificates.ts";
import { readNetworkSettings } from "../../src/source/read-network-settings.ts";
import { redactUrl } from "../../src/source/redact-url.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** A PEM block around a DER sequence of `size` bytes of content: enough to be one, nothing that anybody signed. */
function certificate(seed: number, size = 300): string {
  const content = Buffer.alloc(size, seed);
  const head = Buffer.from([0x30, 0x82, size >> 8, size & 255]);
  const lines =
    Buffer.concat([head, content])
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function codes(diagnostics: readonly { code: string; severity: string }[]): string[] {
  return diagnostics.map(({ code, severity }) => `${severity} ${code}`);
}

describe("addresses", () => {
  test("nothing given, nothing set: nothing", async () => {
    expect(await readNetworkSettings({}, {})).toEqual({ settings: noNetworkSettings, diagnostics: [] });
  });

  test("options win over the environment, lower case over upper case, an empty option turns off", async () => {
    const env = {
      http_proxy: "http://low:1",
      HTTP_PROXY: "http://up:1",
      HTTPS_PROXY: "http://up:2",
      NO_PROXY: "a, .b 10.0.0.0/8",
    };
    const { settings, diagnostics } = await readNetworkSettings(
      { aptMirror: "http://mirror.corp/debian" },
      env,
    );
    expect(diagnostics).toEqual([]);
    expect(settings).toEqual({
      ...noNetworkSettings,
      aptMirror: "http://mirror.corp/debian",
      httpProxy: "http://low:1",
      httpsProxy: "http://up:2",
      noProxy: "a,.b,10.0.0.0/8",
    });
    const off = await readNetworkSettings({ httpProxy: "", httpsProxy: "http://mine:3", noProxy: "" }, env);
    expect(off.settings).toEqual({ ...noNetworkSettings, httpsProxy: "http://mine:3" });
  });

  test("what holds a password can come by the environment, and an option wins", async () => {
    const env = {
      SKILLCRATE_APT_MIRROR: "http://u:p@mirror.corp/debian",
      SKILLCRATE_NPM_REGISTRY: "https://u:p@npm.corp/",
      SKILLCRATE_PYTHON_INDEX: "https://u:p@py.corp/simple",
      SKILLCRATE_GO_PROXY: "https://u:p@go.corp",
      SKILLCRATE_GO_SUMDB: "sum.corp+1234+abcd",
      SKILLCRATE_CARGO_REGISTRY: "https://crates.corp/",
    };
    expect((await readNetworkSettings({}, env)).settings).toEqual({
      ...noNetworkSettings,
      aptMirror: env.SKILLCRATE_APT_MIRROR,
      npmRegistry: env.SKILLCRATE_NPM_REGISTRY,
      pythonIndex: env.SKILLCRATE_PYTHON_INDEX,
      goProxy: env.SKILLCRATE_GO_PROXY,
      goSumDb: env.SKILLCRATE_GO_SUMDB,
      cargoRegistry: env.SKILLCRATE_CARGO_REGISTRY,
    });
    const off = await readNetworkSettings(
      { aptMirror: "", npmRegistry: "https://mine/", pythonIndex: "", goProxy: "", goSumDb: "off" },
      env,
    );
    expect(off.settings).toEqual({
      ...noNetworkSettings,
      npmRegistry: "https://mine/",
      goSumDb: "off",
      cargoRegistry: env.SKILLCRATE_CARGO_REGISTRY,
    });
  });

  test("a proxy may be host:port, a mirror may not", async () => {
    const { settings, diagnostics } = await readNetworkSettings(
      { httpProxy: "proxy.corp:3128", npmRegistry: "registry.corp" },
      {},
    );
    expect(settings.httpProxy).toBe("http://proxy.corp:3128");
    expect(settings.npmRegistry).toBeNull();
    expect(codes(diagnostics)).toEqual(["error NETWORK_URL_INVALID"]);
  });

  test.each([
    "ftp://h/x",
    "file:///etc/passwd",
    "socks5://h:1",
    "http://h/a\nRUN id",
    "http://h/a b",
    'http://h/"',
    "http://h/'",
    "http://h/`id`",
    "http://h/\\",
    "http://",
    "http://h:99999",
    "http://h/é",
    "javascript:alert(1)",
    "--registry=http://h",
  ])("%j is refused as an option, and ignored with a warning in the environment", async (url) => {
    const names = ["aptMirror", "npmRegistry", "pythonIndex", "goProxy", "cargoRegistry"];
    for (const name of [...names, "httpProxy", "httpsProxy"]) {
      const { settings, diagnostics } = await readNetworkSettings({ [name]: url }, {});
      expect(settings).toEqual(noNetworkSettings);
      expect(codes(diagnostics)).toEqual(["error NETWORK_URL_INVALID"]);
      expect(diagnostics[0]?.message).not.toMatch(/[\n\r]/);
    }
    const { settings, diagnostics } = await readNetworkSettings({}, { https_proxy: url });
    expect(settings).toEqual(noNetworkSettings);
    expect(codes(diagnostics)).toEqual(["warning NETWORK_URL_INVALID"]);
  });

  test("a list of hosts with anything else in it is not used", async () => {
    for (const noProxy of ["a,$(id)", "a;b", 'a"', "a,b\\"]) {
      const { settings, diagnostics } = await readNetworkSettings({ noProxy }, {});
      expect(settings.noProxy).toBeNull();
      expect(codes(diagnostics)).toEqual(["error NETWORK_NO_PROXY_INVALID"]);
    }
  });

  test("credentials work and are never shown", async () => {
    const kept = await readNetworkSettings({ httpProxy: "http://user:s3cr3t@proxy:1" }, {});
    expect(kept.settings.httpProxy).toBe("http://user:s3cr3t@proxy:1");
    for (const url of [
      "http://user:s3cr3t@h/a b",
      "https://us/er:s3cr3t@h\n",
      "user:s3cr3t@h:x y",
      "//u:s3cr3t@h",
      "socks5://s3cr3t@h",
    ]) {
      const { diagnostics } = await readNetworkSettings({ aptMirror: url, httpProxy: url, noProxy: url }, {});
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(JSON.stringify(diagnostics)).not.toContain("s3cr3t");
    }
    expect(redactUrl("https://user:pa@ss@host/x")).toBe("https://***@host/x");
    expect(redactUrl("https://host/x")).toBe("https://host/x");
  });

  test("a mirror with credentials is never kept in an image", async () => {
    const options = { aptMirror: "http://u:s3cr3t@mirror/debian", keepMirror: true };
    const { settings, diagnostics } = await readNetworkSettings(options, {});
    expect(settings).toMatchObject({ aptMirror: options.aptMirror, keepMirror: false });
    expect(codes(diagnostics)).toEqual(["error NETWORK_CREDENTIALS_KEPT"]);
    expect(JSON.stringify(diagnostics)).not.toContain("s3cr3t");
  });
});

describe("certificates", () => {
  test("both variables' files are joined, each certificate once, nothing else of them", async () => {
    const dir = tempFolder();
    const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
    writeFileSync(join(dir, "one.pem"), `# Corp CA\n${certificate(1)}${key}${certificate(2)}`);
    writeFileSync(join(dir, "two.pem"), (certificate(2) + certificate(3)).replaceAll("\n", "\r\n"));
    const env = { NODE_EXTRA_CA_CERTS: join(dir, "one.pem"), SSL_CERT_FILE: join(dir, "two.pem") };
    const { settings, diagnostics } = await readNetworkSettings({}, env);
    expect(diagnostics).toEqual([]);
    expect(settings.caPem).toBe(certificate(1) + certificate(2) + certificate(3));
  });

  test("an explicit file stands alone", async () => {
    const dir = tempFolder();
    writeFileSync(join(dir, "mine.pem"), certificate(7));
    const env = { SSL_CERT_FILE: join(dir, "missing.pem") };
    const { settings, diagnostics } = await readNetworkSettings(
      { ca: join(dir, "mine.pem"), keepCa: true },
      env,
    );
    expect(diagnostics).toEqual([]);
    expect(settings).toEqual({ ...noNetworkSettings, caPem: certificate(7), keepCa: true });
  });

  test("missing, empty, a folder, a pipe, damaged: an error where it was named, a warning where it was found", async () => {
    const dir = tempFolder();
    const at = (name: string) => join(dir, name);
    mkdirSync(at("folder"));
    execFileSync("mkfifo", [at("pipe")]);
    writeFileSync(at("empty"), "");
    writeFileSync(at("text"), "not a certificate");
    writeFileSync(at("damaged"), certificate(1).replace("MIIB", "AAAA"));
    writeFileSync(at("open"), certificate(1).replace(/-----END[\s\S]*/, ""));
    const expected: Record<string, string> = {
      missing: "NETWORK_CA_UNREADABLE",
      folder: "NETWORK_CA_UNREADABLE",
      pipe: "NETWORK_CA_UNREADABLE",
      empty: "NETWORK_CA_EMPTY",
      text: "NETWORK_CA_EMPTY",
      damaged: "NETWORK_CA_EMPTY",
      open: "NETWORK_CA_EMPTY",
    };
    for (const [name, code] of Object.entries(expected)) {
      const named = await readNetworkSettings({ ca: at(name) }, {});
      expect([name, named.settings.caPem, ...codes(named.diagnostics)]).toEqual([
        name,
        null,
        `error ${code}`,
      ]);
      const found = await readNetworkSettings({}, { SSL_CERT_FILE: at(name), NODE_EXTRA_CA_CERTS: at(name) });
      expect([name, found.settings.caPem, ...codes(found.diagnostics)]).toEqual([
        name,
        null,
        `warning ${code}`,
      ]);
    }
  });

  test("a damaged block is said and left out, the good ones are used", () => {
    const short = certificate(5, 200).replace("MIIA", "MIIB");
    expect(extractCertificates(certificate(4) + short + certificate(6))).toEqual({
      certificates: [certificate(4), certificate(6)],
      broken: 1,
    });
  });
});
