import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { LeftOut } from "../../src/cli/plan-profile.ts";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { callCli } from "../support/call-cli.ts";
import { type DownloadHost, openDownloadHost } from "../support/start-download-host.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { startTreeIndexes, type TreeIndexes } from "./tree-indexes.ts";

const canary = "canary-7f3a";
const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
const address = new URL(inject("aptProxy")).hostname;
const root = mkdtempSync(join(realpathSync(tmpdir()), "skillcrate-test-broken-"));
let engine: Engine;
let host: DownloadHost & { close(): void };
let indexes: TreeIndexes;

beforeAll(async () => {
  engine = await connectTestEngine();
  host = await openDownloadHost(root, ({ url }, response) => {
    if (url === "/tool") response.end("#!/bin/sh\necho tool 1.0\n");
    else response.writeHead(404).end();
  });
  indexes = await startTreeIndexes(root, inject("npmRegistry"));
});

afterAll(() => {
  host?.close();
  indexes?.close();
  rmSync(root, { recursive: true });
});

interface Written {
  readonly bins?: readonly string[];
  readonly install?: readonly object[];
  /** Beside its SKILL.md. */
  readonly files?: Readonly<Record<string, string>>;
}

function download(bin: string, url: string, sha256?: string): Written {
  return { bins: [bin], install: [{ kind: "download", url, bins: [bin], ...(sha256 && { sha256 }) }] };
}

const fine: Readonly<Record<string, Written>> = {
  "fine-apt": { bins: ["bc"] },
  "fine-download": download("tool-fine", "https://a.example.com/tool"),
  "fine-library": { files: { "requirements.txt": "tiny-plugin==3.0\n", "run.py": "import tiny_plugin\n" } },
  "fine-tool": {
    bins: ["tiny-talk"],
    install: [{ kind: "uv", package: "tiny-talk==1.5", bins: ["tiny-talk"] }],
  },
};

/** Each with what is told of it. */
const broken: Readonly<Record<string, readonly [reason: string, Written]>> = {
  "dead-link": ["the server answers 404", download("tool-dead", "https://a.example.com/gone")],
  "no-such-package": ["Debian has no package of this name", { bins: ["zz-none"] }],
  "no-such-tool": [
    "no-such-tool==1.0 (from versions: none)",
    { bins: ["zz-tool"], install: [{ kind: "uv", package: "no-such-tool==1.0", bins: ["zz-tool"] }] },
  ],
  "wrong-digest": ["has the sha256", download("tool-wrong", "https://a.example.com/tool", "0".repeat(64))],
};

function pick(...names: readonly string[]): typeof broken {
  return Object.fromEntries(Object.entries(broken).filter(([name]) => names.includes(name)));
}

/** What only its files use: the skill stays, and the library is told of. */
const brokenLibraries: Readonly<Record<string, Written>> = {
  "no-such-library": { files: { "requirements.txt": "# none\nno-such-library==1.0\n" } },
};

const npmSkills: Readonly<Record<string, Written>> = {
  "npm-libraries": {
    files: {
      "package.json": [
        "{",
        '  "dependencies": {',
        '    "@skillcrate-test/none": "1.0.0",',
        '    "tiny-library": "1.0.0"',
        "  }",
        "}\n",
      ].join("\n"),
      "run.cjs": 'require("tiny-library");\n',
    },
  },
  "npm-tool": {
    bins: ["zz-npm"],
    install: [{ kind: "node", package: "@skillcrate-test/none@1.0.0", bins: ["zz-npm"] }],
  },
};

function writeSkills(name: string, skills: Readonly<Record<string, Written>>): string {
  const folder = join(root, name);
  for (const [skill, { bins = [], install = [], files = {} }] of Object.entries(skills)) {
    const metadata = JSON.stringify({ openclaw: { requires: { bins }, install } });
    const head = `---\nname: ${skill}\ndescription: d\nmetadata: ${metadata}\n---\n`;
    for (const [path, text] of Object.entries({ "SKILL.md": head, ...files })) {
      mkdirSync(dirname(join(folder, skill, path)), { recursive: true });
      writeFileSync(join(folder, skill, path), text);
    }
  }
  return folder;
}

/** Debian's list does not know it: a skill's word alone would not be taken, a person's is. */
const overlay = '{ bins: { "zz-none": { kind: "apt", package: "no-such-package" } } }';

async function build(folder: string, prefix: string, builder: Record<string, string>, ...more: string[]) {
  const argv = [
    ...["build", folder, "--name", "mixed", "--json", "--tag-prefix", prefix],
    ...["--base-image", inject("baseImage"), "--http-proxy", inject("aptProxy"), "--no-proxy", address],
    ...["--https-proxy", `http://user:${canary}@${address}:${host.port}`, "--ca", host.caFile],
    ...["--npm-registry", `http://${address}:${indexes.npmPort}/`],
    ...["--python-index", `http://${address}:${indexes.pythonPort}/simple`],
  ];
  writeFileSync(join(folder, "skillcrate.json5"), overlay);
  const ended = await callCli([...argv, ...more], {
    cwd: folder,
    env: { DOCKER_HOST, ...builder },
    homeDir: join(root, `home-${prefix.slice(-2)}`),
  });
  return { ...ended, document: JSON.parse(ended.stdout) };
}

describe.each([
  {
    builder: "BuildKit",
    short: "bk",
    env: {},
    skills: npmSkills,
    broken,
    lost: ["npm-tool"],
    libraries: ["npm-libraries/package.json:3", "no-such-library/requirements.txt:2"],
  },
  {
    builder: "the classic builder",
    short: "cl",
    env: { DOCKER_BUILDKIT: "0" },
    skills: {},
    broken: pick("dead-link"),
    lost: [],
    libraries: ["no-such-library/requirements.txt:2"],
  },
])("skills whose recipes fail, by $builder", ({ short, env, skills, broken, lost, libraries }) => {
  const prefix = `${inject("tagPrefix")}broken${short}`;
  const tag = `${prefix}-sandbox-skills:mixed`;
  const isFailure = ({ code }: Diagnostic): boolean => code === "RECIPE_FAILED";

  test("are left out, each with its place and reason, and all others are built", async () => {
    const allBroken = Object.fromEntries(Object.entries(broken).map(([name, [, skill]]) => [name, skill]));
    const folder = writeSkills(short, { ...fine, ...allBroken, ...brokenLibraries, ...skills });
    const { exitCode, stderr, document } = await build(folder, prefix, env);
    expect(exitCode, stderr).toBe(0);
    expect(document.outcome).toBe("partial");
    const leftOut: readonly LeftOut[] = document.result.leftOut;
    expect(leftOut.map(({ skill }) => skill)).toEqual([...Object.keys(broken), ...lost].sort());
    const failures: readonly Diagnostic[] = document.diagnostics.filter(isFailure);
    for (const [name, [reason]] of Object.entries(broken)) {
      const told = failures.filter(({ place }) => place?.file === join(folder, name, "SKILL.md"));
      expect(told, name).toMatchObject([
        { severity: "error", place: { line: 4 }, message: expect.stringContaining(reason) },
      ]);
      expect(told[0]?.hint).not.toBe("");
      expect(leftOut.find(({ skill }) => skill === name)?.reasons.join()).toContain(reason);
    }
    const at = failures.map(({ place }) => `${place?.file}:${place?.line}`);
    for (const library of libraries) expect(at).toContain(join(folder, library));

    const image = document.result.images.find((each: { image: string }) => each.image === "mixed");
    const names = image.binaries.map(({ name }: { name: string }) => name);
    expect(names.filter((name: string) => !["node", "python3"].includes(name))).toEqual([
      "bc",
      "tiny-talk",
      "tool-fine",
    ]);
    const verified = JSON.parse((await callCli(["verify", tag, "--json"], { env: { DOCKER_HOST } })).stdout);
    expect(verified.result.facts.libraries.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["tiny_plugin", ...(short === "bk" ? ["tiny-library"] : [])]),
    );
    const built = await engine.images.inspect(tag);
    expect(JSON.stringify([document, built])).not.toMatch(new RegExp(`${canary}|:${indexes.pythonPort}`));

    const again = await build(folder, prefix, env);
    expect(again.exitCode).toBe(0);
    expect(again.document.result.images.map(({ status }: { status: string }) => status)).toEqual([
      "current",
      "current",
    ]);
    expect(again.document.result.leftOut).toEqual(leftOut);
    // Steps run side by side, and fail in any order.
    const inOrder = (all: readonly Diagnostic[]) => all.map((each) => JSON.stringify(each)).sort();
    expect(inOrder(again.document.diagnostics.filter(isFailure))).toEqual(inOrder(failures));

    const strict = await build(folder, prefix, env, "--strict");
    expect(strict.exitCode).toBe(2);
    expect(strict.document.diagnostics.map(({ code }: Diagnostic) => code)).toContain("BUILD_REFUSED");
  });

  test("fail the whole image with --strict, and nothing is tagged", async () => {
    const [, dead] = broken["dead-link"] ?? [];
    const folder = writeSkills(`strict-${short}`, { "fine-apt": { bins: ["bc"] }, "dead-link": dead ?? {} });
    const { exitCode, document } = await build(folder, `${prefix}s`, env, "--strict");
    expect(exitCode).toBe(1);
    const failed = document.diagnostics.find(({ code }: { code: string }) => code === "BUILD_FAILED");
    expect(failed.places).toMatchObject([{ file: join(folder, "dead-link/SKILL.md"), line: 4 }]);
    expect(await engine.images.inspect(`${prefix}s-sandbox-skills:mixed`)).toBeNull();
  });
});
