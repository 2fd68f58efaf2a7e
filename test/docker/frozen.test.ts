import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectEngine } from "../../src/engine/connect/connect-engine.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import type { Lock } from "../../src/plan/lock.ts";
import { digestOf } from "../../src/plan/make-lock.ts";
import type { PartLock } from "../../src/plan/part-lock.ts";
import type { PredictedSize } from "../../src/plan/predict-sizes.ts";
import { formatLock } from "../../src/source/lock-file.ts";
import { namespacesObstacle } from "../support/own-namespaces.ts";
import { createSecondDaemon, type SecondDaemon } from "../support/second-daemon.ts";
import { type DownloadHost, openDownloadHost } from "../support/start-download-host.ts";
import { tinyCommand } from "./go-modules.ts";
import { listImageFiles } from "./list-image-files.ts";
import { usePackageCli } from "./package-cli.ts";
import { expectPredictedSizes } from "./predicted-sizes.ts";
import { runInImage } from "./run-in-image.ts";
import { type SourceRegistries, startSourceRegistries } from "./source-registries.ts";
import { startWheelIndex, type Wheel, type WheelIndex } from "./wheel-index.ts";

const obstacle = namespacesObstacle("dockerd", "iptables");
if (obstacle !== null) console.info(`Left out: a lock on two fresh engines (${obstacle})`);

const prefix = "frozen";
const tag = `${prefix}-sandbox-skills:all`;
const host = new URL(inject("aptProxy") || "http://172.17.0.1/").hostname;

function wheel(name: string, version: string, files: Wheel["modules"] = {}): Wheel {
  return {
    name,
    version,
    modules: { [`${name.replaceAll("-", "_")}.py`]: `version = "${version}"\n`, ...files },
  };
}

function toolWheel(version: string): Wheel {
  return wheel("tiny-tool", version, {
    "tiny_tool.py": `def main():\n    print("tiny-tool ${version}")\n`,
    [`tiny_tool-${version}.dist-info/entry_points.txt`]: "[console_scripts]\ntiny-tool = tiny_tool:main\n",
  });
}

const fetchedProgram = "#!/bin/sh\necho fetched 1.2.3\n";

/** One skill for each ecosystem, and for the libraries of each language. */
const skills: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apt: declaring("tree", { kind: "apt", package: "tree" }),
  npm: declaring("semver", { kind: "npm", package: "semver@7.6.3" }),
  python: declaring("tiny-tool", { kind: "pip", package: "tiny-tool" }),
  go: declaring("tiny", { kind: "go", module: "example.com/tiny/cmd/tiny" }),
  cargo: declaring("tiny-crate", { kind: "cargo", crate: "tiny-crate@0.3.0" }),
  download: declaring("fetched", { kind: "download", url: "https://files.example.com/fetched" }),
  "python-library": { "requirements.txt": "shelf-reader<3\n", "run.py": "import shelf_reader\n" },
  "node-library": {
    "package.json": '{"dependencies": {"ms": "2.1.3"}}\n',
    "run.js": 'require("ms");\n',
  },
  lost: declaring("shortcuts", null),
};

function declaring(bin: string, install: object | null): Record<string, string> {
  const entries = install === null ? [] : [{ ...install, bins: [bin] }];
  return { metadata: JSON.stringify({ openclaw: { requires: { bins: [bin] }, install: entries } }) };
}

type PlanRow = ImagePlan & { readonly size: PredictedSize };

describe.runIf(obstacle === null)("one lock on two fresh engines", () => {
  const cli = usePackageCli();
  const closing: (() => unknown)[] = [];
  let daemons: readonly SecondDaemon[] = [];
  let sources: SourceRegistries;
  let wheels: WheelIndex;
  let files: DownloadHost;
  let npm: { readonly port: number; readonly requests: string[] };

  beforeAll(async () => {
    daemons = await Promise.all([startDaemon(), startDaemon()]);
    const { platform } = (await engineOf(0)).info;
    sources = await startSourceRegistries(host, platform === "linux/arm64" ? platform : "linux/amd64");
    sources.answers.set("/go/example.com/tiny/@v/list", Buffer.from("v1.1.0\n"));
    wheels = await startWheelIndex([toolWheel("1.0"), wheel("shelf-reader", "2.1")]);
    const keys = mkdtempSync(join(cli.dir(), "keys-"));
    const opened = await openDownloadHost(keys, (_request, response) => {
      response.end(fetchedProgram);
    });
    files = opened;
    const registry = await startNpmCount(inject("npmRegistry"));
    npm = registry;
    closing.push(sources.close, wheels.close, opened.close, registry.close);
    for (const [name, contents] of Object.entries(skills)) writeSkill(name, contents);
  });

  afterAll(async () => {
    await Promise.all([...closing, ...daemons.map(({ close }) => close)].map((close) => close()));
  });

  async function startDaemon(): Promise<SecondDaemon> {
    const daemon = await createSecondDaemon();
    await daemon.start();
    await daemon.load(inject("baseImage"));
    return daemon;
  }

  function hostOf(daemon: 0 | 1): string {
    return daemons[daemon]?.host ?? "";
  }

  function engineOf(daemon: 0 | 1): Promise<Engine> {
    const env = { DOCKER_HOST: hostOf(daemon) };
    return connectEngine({ env, homeDir: cli.dir() });
  }

  function writeSkill(name: string, contents: Readonly<Record<string, string>>): void {
    const { metadata, ...others } = contents;
    const declared = metadata === undefined ? "" : `metadata: ${metadata}\n`;
    const head = `---\nname: ${name}\ndescription: d\n${declared}---\n`;
    for (const [path, text] of Object.entries({ "SKILL.md": head, ...others })) {
      const file = join(cli.dir(), "skills", name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  /** Each engine with a state of its own, as on another machine. */
  async function run(daemon: 0 | 1, ...argv: readonly string[]) {
    return await runWith({}, daemon, argv);
  }

  async function runWith(builder: Record<string, string>, daemon: 0 | 1, argv: readonly string[]) {
    const options = [
      ...["--name", "all", "--tag-prefix", prefix, "--base-image", inject("baseImage")],
      ...["--http-proxy", inject("aptProxy"), "--no-proxy", host],
      ...[
        "--npm-registry",
        `http://${host}:${npm.port}/`,
        "--python-index",
        `http://${host}:${wheels.port}/simple/`,
      ],
      ...["--go-proxy", sources.goProxy, "--go-sumdb", "off", "--cargo-registry", sources.cargoRegistry],
      ...["--https-proxy", `http://${host}:${files.port}`, "--ca", files.caFile],
    ];
    const state = join(cli.dir(), `state-${daemon}`);
    const env = { DOCKER_HOST: hostOf(daemon), XDG_STATE_HOME: state, ...builder };
    const ended = await cli.run([...argv, "skills", ...options, "--json"], { cwd: cli.dir(), env });
    return { ...ended, document: JSON.parse(ended.stdout) };
  }

  const lockFile = () => join(cli.dir(), "skillcrate.lock");
  const readLock = () => JSON.parse(readFileSync(lockFile(), "utf8")) as Lock;

  /** The paths that each registry was asked for meanwhile. */
  async function counting<Result>(work: () => Promise<Result>) {
    const all = [sources.requests, wheels.requests, npm.requests, files.requests];
    const before = all.map((requests) => requests.length);
    const result = await work();
    const [source = [], python = [], node = [], downloads = []] = all.map((requests, index) =>
      requests.slice(before[index]),
    );
    return { result, source, python, node, downloads };
  }

  test("a lock tells of every ecosystem what was taken, and who is left out; no host of this network is in it", async () => {
    const { exitCode, stderr, document } = await run(0, "build", "--lock");
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ outcome: "partial", result: { leftOut: [{ skill: "lost" }] } });
    const lock = readLock();
    expect(lock.images.map(({ plan }) => plan.name)).toEqual(["all", "base"]);
    const kinds = Object.values(lock.images[0]?.plan.locked.parts ?? {}).map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual([
      "cargo",
      "debian",
      "download",
      "go",
      "npm",
      "python",
      "toolchain",
    ]);
    expect(lock.images[0]?.leftOut).toMatchObject([{ skill: "lost", elsewhere: false }]);
    expect(readFileSync(lockFile(), "utf8")).not.toContain(host);
  });

  test("from then on a plan knows the size of each tree, and needs no engine for that", async () => {
    const options = ["--name", "all", "--tag-prefix", prefix, "--base-image", inject("baseImage"), "--json"];
    const env = { DOCKER_HOST: "unix:///nowhere", XDG_STATE_HOME: join(cli.dir(), "state-0") };
    const { stdout, stderr } = await cli.run(["plan", "skills", ...options], { cwd: cli.dir(), env });
    const { images } = JSON.parse(stdout).result as { images: PlanRow[] };
    const all = images.find(({ name }) => name === "all");
    expect(all?.size.unknown, stderr).toEqual([]);
    const sizes = all?.layers.flatMap(({ kind, title }, index) =>
      kind === "trees" ? [[title, all.size.layers[index]] as const] : [],
    );
    expect(sizes?.length).toBeGreaterThanOrEqual(7);
    for (const [title, size] of sizes ?? []) {
      expect(size?.installedBytes, title).toBeGreaterThan(0);
      expect(size?.downloadBytes, title).toBeGreaterThan(title.startsWith("node") ? -1 : 0);
    }
    expect(sizes?.find(([title]) => title.startsWith("download"))?.[1]).toMatchObject({
      downloadBytes: fetchedProgram.length,
      installedBytes: expect.toSatisfy((bytes: number) => bytes >= fetchedProgram.length),
    });
    await expectPredictedSizes(await engineOf(0), stdout);
  });

  test("on the other engine, after the registries have moved on: the same versions, and no index is asked", async () => {
    for (const [path, content] of tinyCommand("v1.2.0")) sources.answers.set(`/go/${path}`, content);
    sources.answers.set("/go/example.com/tiny/@v/list", Buffer.from("v1.1.0\nv1.2.0\n"));
    wheels.offer([
      ...[toolWheel("1.0"), toolWheel("2.0")],
      ...[wheel("shelf-reader", "2.1"), wheel("shelf-reader", "2.2")],
    ]);
    const frozen = await counting(() => run(1, "build", "--frozen"));
    const { exitCode, stderr, document } = frozen.result;
    expect(exitCode, stderr).toBe(0);
    expect(document).toMatchObject({ outcome: "partial", result: { leftOut: [{ skill: "lost" }] } });
    expect(document.result.images).toMatchObject([{ status: "built" }, { status: "built" }]);

    // Exact versions and files, and each of them: nothing that lists what there is.
    const isFile = (path: string) =>
      /^\/go\/[^@]+\/@v\/v[^/]+\.(?:info|mod|zip)$|^\/crates\/store\/[^/]+\/[^/]+\/download$/.test(path);
    expect(frozen.source.filter((path) => !isFile(path))).toEqual([]);
    expect(frozen.source).toEqual(
      expect.arrayContaining([
        "/go/example.com/tiny/@v/v1.1.0.zip",
        "/go/example.com/dep/@v/v1.2.0.zip",
        "/crates/store/tiny-crate/0.3.0/download",
        "/crates/store/tiny-dep/1.0.0/download",
      ]),
    );
    expect([...new Set(frozen.python)].sort()).toEqual([
      "/files/shelf_reader-2.1-py3-none-any.whl",
      "/files/tiny_tool-1.0-py3-none-any.whl",
    ]);
    expect(frozen.node.filter((path) => !/^\/(?:@[^/]+\/)?[^/]+\/-\/[^/]+\.tgz$/.test(path))).toEqual([]);
    expect(frozen.node).toEqual(expect.arrayContaining(["/semver/-/semver-7.6.3.tgz", "/ms/-/ms-2.1.3.tgz"]));
    expect(frozen.downloads).toEqual(["files.example.com GET /fetched"]);
  });

  /** Those of the first engine after the lock was made, and of the second from the lock. */
  let held: readonly ReadonlyMap<string, string>[] = [];

  test("both hold the same files: types, modes, owners, contents and where links lead", async () => {
    held = await Promise.all(
      ([0, 1] as const).map(async (daemon) => listImageFiles(await engineOf(daemon), tag)),
    );
    expect(held[0]?.size).toBeGreaterThan(3000);
    // Times are not compared: each build writes its own, and nothing in an image reads them.
    expect(differing(held[0], held[1])).toEqual([]);
  });

  test("so do two builds from the lock, one of them by the classic builder", async () => {
    const { exitCode, stderr, document } = await runWith({ DOCKER_BUILDKIT: "0" }, 0, ["build", "--frozen"]);
    expect(exitCode, stderr).toBe(0);
    expect(document.result.images).toMatchObject([{ status: "built" }, { status: "built" }]);
    expect(differing(await listImageFiles(await engineOf(0), tag), held[1])).toEqual([]);
  });

  test("commands and libraries run in the image from the lock", async () => {
    const script = [
      "tiny-crate; tiny 2>&1; tiny-tool; fetched; semver 1.2.3",
      "python3 -c 'import shelf_reader; print(shelf_reader.version)'",
      'node -p \'require("ms")("1s")\'',
    ].join("; ");
    const said = await runInImage(await engineOf(1), tag, script);
    expect(said.split("\n")).toEqual([
      "tiny-crate 0.3.0 with tiny-dep 1.0.0, found:",
      "tiny 1.1.0 by the Go that was brought with settings: false",
      ...["tiny-tool 1.0", "fetched 1.2.3", "1.2.3", "2.1", "1000"],
    ]);
  });

  /** What a part of the lock is made to name: something that no registry ever had, as after it has vanished. */
  const vanished: readonly (readonly [
    string,
    PartLock["kind"],
    readonly (readonly [RegExp, string])[],
    string,
  ])[] = [
    ["a module", "go", [[/dep v1\.2\.0/g, "dep v1.1.9"]], "no registry has example.com/dep@v1.1.9"],
    [
      "a crate",
      "cargo",
      [
        [/0\.3\.0/g, "0.2.9"],
        [/"sha256":"..../g, '"sha256":"ffff'],
      ],
      "no registry has tiny-crate-0.2.9.crate",
    ],
    [
      "a package of npm's",
      "npm",
      [[/semver-7\.6\.3(\.tgz","integrity":"sha512-)..../g, "semver-9.99.9$1AAAA"]],
      "no registry has semver-9.99.9.tgz",
    ],
    [
      "a wheel",
      "python",
      [
        [/"version":"[^"]+"/g, '"version":"0.9"'],
        [/-\d\.\d-/g, "-0.9-"],
      ],
      "-0.9-py3-none-any.whl",
    ],
  ];

  test.each(vanished)(
    "%s that has vanished is named, and nothing is tagged",
    async (_what, kind, edits, said) => {
      const kept = readFileSync(lockFile(), "utf8");
      const before = (await (await engineOf(1)).images.inspect(tag))?.id;
      writeFileSync(lockFile(), formatLock(edited(readLock(), kind, edits)));
      try {
        const { exitCode, document } = await run(1, "build", "--frozen");
        expect(document.diagnostics).toContainEqual(
          expect.objectContaining({ code: "LOCK_PACKAGES_GONE", message: expect.stringContaining(said) }),
        );
        expect(exitCode).toBe(3);
        expect((await (await engineOf(1)).images.inspect(tag))?.id).toBe(before);
      } finally {
        writeFileSync(lockFile(), kept);
      }
    },
  );

  test("the engine is up to date with the lock; the lock and the image say the same", async () => {
    const again = await run(1, "build", "--frozen");
    expect(again.document.result.images).toMatchObject([{ status: "current" }, { status: "current" }]);
    const env = { DOCKER_HOST: hostOf(1) };
    const argv = ["diff", "skillcrate.lock", tag, "--image", "all", "--json"];
    const same = await cli.run(argv, { cwd: cli.dir(), env });
    expect(JSON.parse(same.stdout), same.stderr).toMatchObject({
      outcome: "ok",
      result: { differences: [] },
    });
  });

  test("what is asked for and is not in the lock is printed, and nothing is built", async () => {
    writeSkill("apt", declaring("jq", { kind: "apt", package: "jq" }));
    rmSync(join(cli.dir(), "skills", "lost"), { recursive: true });
    const { exitCode, document } = await run(1, "build", "--frozen");
    writeSkill("apt", skills["apt"] ?? {});
    writeSkill("lost", skills["lost"] ?? {});
    expect(exitCode).toBe(3);
    expect(document.result).toMatchObject({
      images: [],
      differences: [
        { image: "all", input: "skill apt", now: expect.stringContaining("bins jq") },
        // That it was left out makes no difference.
        { image: "all", input: "skill lost", now: null },
      ],
    });
  });

  test("an update of one package finds the index as it was, and leaves the lock alone", async () => {
    const before = readFileSync(lockFile(), "utf8");
    const { exitCode, stderr, document } = await run(1, "update", "tree", "--skills");
    expect(exitCode, stderr).toBe(0);
    expect(document.result.lock).toMatchObject({ changed: false, differences: [] });
    expect(readFileSync(lockFile(), "utf8")).toBe(before);
  });

  test("an update of one tree makes that tree anew, and no registry hears of another", async () => {
    const updated = await counting(() => run(1, "update", "tiny-tool", "--skills"));
    const { exitCode, stderr, document } = updated.result;
    expect(exitCode, stderr).toBe(0);
    expect(document.result.lock.differences).toMatchObject([
      { name: "tiny-tool", from: ["1.0"], to: ["2.0"] },
    ]);
    expect([...new Set(updated.python)]).toEqual([
      "/simple/tiny-tool/",
      "/files/tiny_tool-2.0-py3-none-any.whl",
    ]);
    expect([updated.source, updated.node, updated.downloads]).toEqual([[], [], []]);
  });
});

/** Paths at which two images do not hold the same. */
function differing(
  first: ReadonlyMap<string, string> = new Map(),
  second: ReadonlyMap<string, string> = new Map(),
): string[] {
  return [...new Set([...first.keys(), ...second.keys()])].filter(
    (path) => first.get(path) !== second.get(path),
  );
}

/** With other texts in the locks of one kind, and the digests that the file would have had. */
function edited(lock: Lock, kind: PartLock["kind"], edits: readonly (readonly [RegExp, string])[]): Lock {
  const edit = (part: PartLock): PartLock =>
    part.kind === kind
      ? JSON.parse(edits.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(part)))
      : part;
  const images = lock.images.map((image) => {
    const { locked } = image.plan;
    const parts = Object.fromEntries(Object.entries(locked.parts).map(([id, part]) => [id, edit(part)]));
    const plan = { ...image.plan, locked: { ...locked, parts } };
    return { ...image, plan, digest: digestOf(image.inputs, plan) };
  });
  return { ...lock, images };
}

/** An npm registry that leaves the answers to another one, and tells what it was asked for. */
async function startNpmCount(upstream: string) {
  const requests: string[] = [];
  const server: Server = createServer(({ url = "" }, response) => {
    requests.push(decodeURIComponent(url));
    if (url.includes("9.99.9")) response.writeHead(404).end();
    else response.writeHead(302, { location: new URL(`.${url}`, upstream).href }).end();
  });
  await new Promise<void>((done) => server.listen(0, "0.0.0.0", done));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
