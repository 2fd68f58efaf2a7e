import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { Engine } from "../../src/engine/engine.ts";
import type { PartLock } from "../../src/plan/part-lock.ts";
import { startDownloadHost } from "../support/start-download-host.ts";
import { connectTestEngine } from "../support/test-engine.ts";
import { listImageFiles } from "./list-image-files.ts";
import { usePackageCli } from "./package-cli.ts";
import { type PythonIndex, startPythonIndex } from "./python-index.ts";

const cli = usePackageCli();
const prefix = `${inject("tagPrefix")}frozen`;
const tag = `${prefix}-sandbox-skills:all`;
let engine: Engine;
let python: PythonIndex;

beforeAll(async () => {
  engine = await connectTestEngine();
  python = await startPythonIndex();
});

afterAll(async () => {
  await python.close();
});

function writeSkill(name: string, bin: string, install: string): void {
  const folder = join(cli.dir(), "skills", name);
  mkdirSync(folder, { recursive: true });
  const metadata = `{"openclaw": {"requires": {"bins": ["${bin}"]}, "install": [${install}]}}`;
  writeFileSync(join(folder, "SKILL.md"), `---\nname: ${name}\ndescription: d\nmetadata: ${metadata}\n---\n`);
}

test("a lock of packages of Debian, npm and Python and of a download: the images made from it hold the same files, without a question to an index", async () => {
  const files = await startDownloadHost((_request, response) => {
    response.end("#!/bin/sh\necho fetched 1.2.3\n");
  });
  const host = new URL(inject("aptProxy")).hostname;
  const options = [
    ...["--name", "all", "--tag-prefix", prefix, "--base-image", inject("baseImage"), ...cli.network()],
    ...["--python-index", `http://${host}:${python.port}/simple/`],
    ...["--https-proxy", `http://${host}:${files.port}`, "--ca", files.caFile],
  ];
  const { DOCKER_HOST = "unix:///var/run/docker.sock" } = process.env;
  const run = async (...argv: string[]) => {
    const ended = await cli.run([...argv, ...options, "--json"], { cwd: cli.dir(), env: { DOCKER_HOST } });
    return { ...ended, document: JSON.parse(ended.stdout) };
  };
  writeSkill("apt", "tree", '{"kind": "apt", "package": "tree", "bins": ["tree"]}');
  writeSkill("npm", "semver", '{"kind": "npm", "package": "semver@7.6.3", "bins": ["semver"]}');
  writeSkill("python", "tiny-tool", '{"kind": "pip", "package": "tiny-tool", "bins": ["tiny-tool"]}');
  const download = '{"kind": "download", "url": "https://files.example.com/fetched", "bins": ["fetched"]}';
  writeSkill("download", "fetched", download);

  const locking = await run("build", "skills", "--lock");
  expect(locking.exitCode, locking.stderr).toBe(0);
  const text = readFileSync(join(cli.dir(), "skillcrate.lock"), "utf8");
  const lock = JSON.parse(text);
  expect(lock.images.map(({ plan }: { plan: { name: string } }) => plan.name)).toEqual(["all", "base"]);
  const parts: PartLock[] = Object.values(lock.images[0].plan.locked.parts);
  expect([...new Set(parts.map(({ kind }) => kind))].sort()).toEqual([
    "debian",
    "download",
    "npm",
    "python",
    "toolchain",
  ]);
  // No host of this network is in it.
  expect(text).not.toContain(host);
  const before = await listImageFiles(engine, tag);
  const asked = python.requests.length;

  const frozen = await run("build", "skills", "--frozen");
  expect(frozen.exitCode, frozen.stderr).toBe(0);
  expect(frozen.document.result.images).toMatchObject([{ status: "built" }, { status: "built" }]);
  expect(python.requests.slice(asked).filter((path) => path.startsWith("/simple"))).toEqual([]);
  const after = await listImageFiles(engine, tag);
  expect([...after].filter(([path, facts]) => before.get(path) !== facts)).toEqual([]);
  expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);

  const again = await run("build", "skills", "--frozen");
  expect(again.document.result.images).toMatchObject([{ status: "current" }, { status: "current" }]);
  const same = await cli.run(["diff", "skillcrate.lock", tag, "--image", "all", "--json"], {
    cwd: cli.dir(),
    env: { DOCKER_HOST },
  });
  expect(JSON.parse(same.stdout), same.stderr).toMatchObject({ outcome: "ok", result: { differences: [] } });

  writeSkill("apt", "jq", '{"kind": "apt", "package": "jq", "bins": ["jq"]}');
  const differing = await run("build", "skills", "--frozen");
  expect(differing.exitCode).toBe(3);
  expect(differing.document.result).toMatchObject({
    images: [],
    differences: [{ image: "all", input: "skill apt", now: expect.stringContaining("bins jq") }],
  });
  expect((await engine.images.inspect(tag))?.id).toBe(again.document.result.images[1].id);

  writeSkill("apt", "tree", '{"kind": "apt", "package": "tree", "bins": ["tree"]}');
  copyFileSync(join(cli.dir(), "skillcrate.lock"), join(cli.dir(), "old.lock"));
  const updated = await run("update", "tree", "--skills", "skills");
  expect(updated.exitCode, updated.stderr).toBe(0);
  // The index is the one that the lock was made from.
  expect(updated.document.result.lock).toMatchObject({ differences: [] });
});
