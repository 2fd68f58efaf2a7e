import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { platformOfProcess } from "../../src/cli/platform-of-process.ts";
import type { LockInputs } from "../../src/plan/lock.ts";
import type { InputDifference } from "../../src/plan/lock-inputs.ts";
import { makeLock } from "../../src/plan/make-lock.ts";
import { writeLock } from "../../src/source/lock-file.ts";
import { builtInPlan } from "../plan/planning.ts";
import { callCli } from "../support/call-cli.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** What no catalog and no index of this version is called. */
const otherTimes = { catalog: "0123456789abcdef", debianIndex: "fedcba9876543210" };

let dir: string;

beforeEach(() => {
  dir = tempFolder();
  mkdirSync(join(dir, "skills", "query"), { recursive: true });
  const metadata = '{"openclaw": {"requires": {"bins": ["jq", "shortcuts"]}}}';
  writeFileSync(
    join(dir, "skills", "query", "SKILL.md"),
    `---\nname: query\ndescription: d\nmetadata: ${metadata}\n---\n`,
  );
});

async function run(...argv: string[]) {
  const env = { DOCKER_HOST: `unix://${dir}/no-engine.sock` };
  const { exitCode, stdout } = await callCli([...argv, "--json"], { cwd: dir, homeDir: dir, env });
  return { exitCode, document: JSON.parse(stdout) };
}

test("a frozen build needs a lock, before it looks for an engine", async () => {
  const { exitCode, document } = await run("build", "--only", "base", "--frozen");
  expect(exitCode).toBe(2);
  expect(document.diagnostics).toMatchObject([{ code: "LOCK_MISSING" }]);
});

test.each([["--lock"], ["--refresh"], ["--cache-to", "r:1"]])(
  "a frozen build is not asked for %s",
  async (...more) => {
    const { exitCode, document } = await run("build", "--only", "base", "--frozen", ...more);
    expect(exitCode).toBe(2);
    expect(document.diagnostics).toMatchObject([{ code: "USAGE" }]);
  },
);

test("what differs from the lock is printed, ends with 3, and no engine is looked for", async () => {
  const plan = { ...builtInPlan("base"), platform: platformOfProcess() };
  const locked = { indexReadAt: "20260102T030405Z", parts: {} };
  const inputs = { tag: "moltbot-sandbox:bookworm-slim", below: "Debian", gone: "x" };
  const leftOut = [{ skill: "gone", reasons: ["no such command"], elsewhere: false }];
  const image = { plan, inputs, leftOut, resolvedWith: otherTimes, locked };
  writeLock(join(dir, "skillcrate.lock"), makeLock([image], null));
  const { exitCode, document } = await run("build", "--only", "base", "--frozen");
  expect(exitCode).toBe(3);
  expect(document).toMatchObject({ outcome: "difference" });
  expect(document.result).toMatchObject({
    images: [],
    differences: [
      { image: "base", input: "definition", locked: null },
      { image: "base", input: "gone", locked: "x", now: null },
      { image: "base", input: "tag", locked: inputs.tag, now: "openclaw-sandbox:bookworm-slim" },
    ],
    leftOut: [{ image: "base", skill: "gone", reasons: ["no such command"] }],
    epochs: [
      { image: "base", what: "catalog", from: otherTimes.catalog },
      { image: "base", what: "debianIndex", from: otherTimes.debianIndex },
    ],
  });
  const told = document.diagnostics.filter(({ code }: { code: string }) => code === "LOCK_EPOCH");
  expect(told.map(({ message }: { message: string }) => message)).toEqual([
    expect.stringContaining("another catalog (0123456789abcdef)"),
    expect.stringContaining("another index of Debian (fedcba9876543210)"),
  ]);
});

test("with --strict nothing is built from a lock that leaves a skill out, and no engine is looked for", async () => {
  const plan = { ...builtInPlan("base"), platform: platformOfProcess() };
  const locked = { indexReadAt: "20260102T030405Z", parts: {} };
  const write = (inputs: LockInputs, elsewhere: boolean) => {
    const leftOut = [{ skill: "lost", reasons: ["no such command"], elsewhere }];
    const image = { plan, inputs, leftOut, resolvedWith: otherTimes, locked };
    writeLock(join(dir, "skillcrate.lock"), makeLock([image], null));
  };
  write({}, false);
  const { document } = await run("build", "--only", "base", "--frozen");
  const wanted: InputDifference[] = document.result.differences;
  const inputs = Object.fromEntries(wanted.map(({ input, now }) => [input, now ?? ""]));
  write(inputs, false);
  const strict = await run("build", "--only", "base", "--frozen", "--strict");
  expect(strict).toMatchObject({ exitCode: 2, document: { diagnostics: [{ code: "BUILD_REFUSED" }] } });
  // One for another system is as it should be: the engine is asked for.
  write(inputs, true);
  const fine = await run("build", "--only", "base", "--frozen", "--strict");
  expect(fine.exitCode).toBe(69);
});

test("diff compares a plan with a lock, and ends with 3 where they differ", async () => {
  const planned = await callCli(["plan", "--only", "base", "--json"], { cwd: dir, homeDir: dir });
  writeFileSync(join(dir, "plan.json"), planned.stdout);
  const same = await run("diff", "plan.json", "plan.json");
  expect(same).toMatchObject({ exitCode: 0, document: { result: { differences: [] } } });
  const jq = {
    name: "jq",
    version: "1.6",
    architecture: "amd64",
    archive: "debian",
    path: "pool/jq_1.6_amd64.deb",
  };
  const extra = { ...jq, name: "extra", path: "pool/extra_1.6_amd64.deb" };
  const packages = [jq, extra].map((deb) => ({ ...deb, sha256: "ab".repeat(32), sizeBytes: 7 }));
  const locked = {
    indexReadAt: "20260102T030405Z",
    parts: { packages: { kind: "debian", packages } },
  } as const;
  const image = { plan: builtInPlan("base"), inputs: {}, leftOut: [], resolvedWith: otherTimes, locked };
  writeLock(join(dir, "skillcrate.lock"), makeLock([image], null));
  const later = { ...image, resolvedWith: { ...otherTimes, catalog: "ffffffffffffffff" } };
  writeLock(join(dir, "later.lock"), makeLock([later], null));
  const epochs = await run("diff", "skillcrate.lock", "later.lock");
  expect(epochs).toMatchObject({
    exitCode: 0,
    document: {
      result: {
        differences: [],
        epochs: [{ image: "base", what: "catalog", from: otherTimes.catalog, to: "ffffffffffffffff" }],
      },
    },
  });
  const other = await run("diff", "plan.json", "skillcrate.lock");
  expect(other.exitCode).toBe(3);
  const changes = other.document.result.differences.map(
    ({ change, name }: { change: string; name: string }) => `${change} ${name}`,
  );
  expect(changes).toContain("added extra");
  // A plan does not know versions: that is no difference.
  expect(changes.filter((row: string) => row.endsWith(" jq"))).toEqual([]);
  expect((await run("diff", "nowhere/x y", "plan.json")).exitCode).toBe(2);
});

test("why-not says why something is missing and what to do; why has nothing missing", async () => {
  const missing = await run("why-not", "shortcuts", join(dir, "skills"));
  expect(missing.exitCode).toBe(0);
  expect(missing.document.result).toMatchObject({
    missing: [{ name: "shortcuts", kind: "command", requester: "query" }],
    leftOut: [{ skill: "query" }],
  });
  expect(missing.document.result.ways.length).toBeGreaterThan(0);
  expect((await run("why-not", "query", join(dir, "skills"))).document.result.leftOut).toMatchObject([
    { skill: "query" },
  ]);
  const unasked = await run("why-not", "ffmpeg", join(dir, "skills"));
  expect(unasked.document.result.ways[0]).toContain("ffmpeg");
  expect((await run("why-not", "jq", join(dir, "skills"))).exitCode).toBe(2);
});

test("why follows a package that nobody asked for to what needs it, with the size of its layer", async () => {
  const { exitCode, document } = await run("why", "libjq1", join(dir, "skills"), "--only", "base,skills");
  expect(exitCode).toBe(0);
  expect(document.result.traces).toMatchObject([
    {
      name: "libjq1",
      kind: "package",
      reason: expect.stringMatching(/^needed: jq → libjq1/),
      layers: [{ image: "base" }],
    },
  ]);
  expect(document.result.traces[0].layers[0].installedBytes).toBeGreaterThan(1e6);
});
