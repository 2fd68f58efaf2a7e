import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { zip } from "./python-index.ts";

export interface TreeIndexes {
  readonly npmPort: number;
  readonly pythonPort: number;
  close(): void;
}

/** An npm registry with some packages of ours before another one, and a Python index with ours alone. */
export async function startTreeIndexes(folder: string, npmUpstream: string): Promise<TreeIndexes> {
  const tarballs = Object.entries(npmPackages).map(
    ([name, files]) => [name, packTarball(join(folder, name), files)] as const,
  );
  const npm = await listen((request, response) => {
    const found = tarballs.find(([name]) => request.url?.startsWith(`/${name}`));
    if (found === undefined) {
      response.writeHead(302, { location: new URL(`.${request.url}`, npmUpstream).href }).end();
      return;
    }
    const [name, bytes] = found;
    if (request.url?.endsWith(".tgz")) response.end(bytes);
    else response.end(JSON.stringify(describePackage(name, bytes, request.headers.host ?? "")));
  });
  const wheels = wheelsOf(pythonPackages);
  const python = await listen((request, response) => {
    const [, name] = /^\/simple\/([^/]+)\/$/.exec(request.url ?? "") ?? [];
    const wheel = wheels.get(request.url?.slice("/files/".length) ?? "");
    if (wheel !== undefined) response.end(wheel);
    else if (name === undefined) response.writeHead(404).end();
    else {
      const files = [...wheels].filter(([file]) => file.startsWith(`${name.replaceAll("-", "_")}-`));
      const links = files.map(
        ([file, bytes]) => `<a href="/files/${file}#sha256=${sha256(bytes)}">${file}</a>`,
      );
      response.setHeader("content-type", "text/html");
      response.end(`<!DOCTYPE html>${links.join("\n")}`);
    }
  });
  return {
    npmPort: portOf(npm),
    pythonPort: portOf(python),
    close() {
      for (const server of [npm, python]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

type Files = Readonly<Record<string, string>>;

const reportNode = '#!/usr/bin/env node\nconsole.log("old", process.version);\n';
/**
 * Whether a login is found in the script's own environment, or in that of any process that it can look into. The script
 * itself is in both, so that it does not spell out what it looks for.
 */
const findLogin = [
  "const read = (id) => { try { return fs.readFileSync('/proc/' + id + '/environ', 'utf8') } catch { return '' } }",
  "const all = [JSON.stringify(process.env), ...fs.readdirSync('/proc').filter(Number).map(read)].join()",
];
const leaveMark = [
  "const fs = require('fs')",
  ...findLogin,
  "const seen = [Boolean(process.env.http_proxy), all.includes(['canary', '7f3a'].join('-'))]",
  "fs.writeFileSync('mark', JSON.stringify([process.getuid(), ...fs.readdirSync('/mnt'), ...seen]))",
  "fs.chmodSync('mark', 0o4755)",
].join("; ");

/** `name` → its files, beside the `package.json` that names version 1.0.0. */
const npmPackages: Readonly<Record<string, Files>> = {
  "tiny-native": {
    "package.json": JSON.stringify({
      name: "tiny-native",
      version: "1.0.0",
      bin: { "tiny-native": "cli.js" },
      dependencies: { "tiny-quiet": "1.0.0" },
      scripts: { install: "node-gyp rebuild", postinstall: `node -e "${leaveMark}"` },
    }),
    "binding.gyp": '{ "targets": [{ "target_name": "tiny", "sources": ["tiny.c"] }] }\n',
    "tiny.c": [
      "#include <node_api.h>",
      "static napi_value init(napi_env env, napi_value exports) {",
      "  napi_value answer;",
      "  napi_create_int32(env, 42, &answer);",
      '  napi_set_named_property(env, exports, "answer", answer);',
      "  return exports;",
      "}",
      "NAPI_MODULE(tiny, init)\n",
    ].join("\n"),
    "cli.js": [
      "#!/usr/bin/env node",
      'const { existsSync, readFileSync } = require("node:fs");',
      'const { answer } = require("./build/Release/tiny.node");',
      'const quiet = existsSync(require.resolve("tiny-quiet/package.json").replace("package.json", "mark"));',
      'console.log(answer, readFileSync(require("node:path").join(__dirname, "mark"), "utf8"), quiet);\n',
    ].join("\n"),
  },
  "tiny-quiet": {
    "package.json": JSON.stringify({
      name: "tiny-quiet",
      version: "1.0.0",
      scripts: { postinstall: `node -e "${leaveMark}"` },
    }),
  },
  "tiny-library": {
    "package.json": JSON.stringify({ name: "tiny-library", version: "1.0.0", main: "index.js" }),
    "index.js": "exports.answer = 42;\n",
  },
  "tiny-old": {
    "package.json": JSON.stringify({
      name: "tiny-old",
      version: "1.0.0",
      bin: { "tiny-old": "cli.js" },
      engines: { node: "20.x" },
    }),
    "cli.js": reportNode,
  },
};

function packTarball(folder: string, files: Files): Buffer {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, "package", name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: name.endsWith(".js") ? 0o755 : 0o644 });
  }
  const tarball = join(folder, "package.tgz");
  execFileSync("tar", ["-C", folder, "-czf", tarball, "package"]);
  return readFileSync(tarball);
}

function describePackage(name: string, bytes: Buffer, host: string): object {
  const manifest = JSON.parse(npmPackages[name]?.["package.json"] ?? "{}");
  const dist = {
    tarball: `http://${host}/${name}/-/${name}-1.0.0.tgz`,
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
  };
  return { name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": { ...manifest, dist } } };
}

interface PythonPackage {
  readonly name: string;
  readonly version: string;
  readonly code: string;
  /** Lines for METADATA. */
  readonly requires?: readonly string[];
  readonly command?: string;
}

/** A tool that tells which of its plugins it sees. */
const report = [
  "from importlib.util import find_spec",
  "def main():",
  "    seen = [name for name in ('tiny_loud', 'tiny_plugin') if find_spec(name)]",
  "    print('tiny-talk', VERSION, *seen)\n",
].join("\n");

const pythonPackages: readonly PythonPackage[] = [
  ...["1.0", "1.5", "2.0"].map((version) => ({
    name: "tiny-talk",
    version,
    code: `VERSION = "${version}"\n${report}`,
    requires: ["Provides-Extra: loud", 'Requires-Dist: tiny-loud; extra == "loud"'],
    command: "tiny-talk",
  })),
  { name: "tiny-loud", version: "1.0", code: "" },
  { name: "tiny-plugin", version: "3.0", code: "" },
];

function wheelsOf(packages: readonly PythonPackage[]): ReadonlyMap<string, Buffer> {
  return new Map(
    packages.map(({ name, version, code, requires = [], command }) => {
      const module = name.replaceAll("-", "_");
      const info = `${module}-${version}.dist-info`;
      const metadata = ["Metadata-Version: 2.1", `Name: ${name}`, `Version: ${version}`, ...requires, ""];
      const wheel = zip({
        [`${module}.py`]: code,
        [`${info}/METADATA`]: metadata.join("\n"),
        [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        ...(command && { [`${info}/entry_points.txt`]: `[console_scripts]\n${command} = ${module}:main\n` }),
        [`${info}/RECORD`]: "",
      });
      return [`${module}-${version}-py3-none-any.whl`, wheel];
    }),
  );
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function listen(answer: RequestListener): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
