import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { containerLabels } from "../../src/sandbox/container/container-plan.ts";
import { ownerId } from "../../src/sandbox/container/owner-id.ts";
import { type Scope, scopeSlug } from "../../src/sandbox/scope.ts";
import { callCli } from "../support/call-cli.ts";
import { type FakeAnswers, sendChunks, sendJson, startFakeEngine } from "../support/fake-engine.ts";
import { tempFolder } from "../support/temp-folder.ts";

const alice: Scope = { kind: "session", key: "agent:main:telegram:dm:alice\u001b[31m" };
const id = "ab".repeat(32);

/** A gateway with one sandbox, 40 hours old, on an engine that says so. */
async function gateway(answers: FakeAnswers = {}) {
  const state = tempFolder();
  const scopeDir = join(state, "sandboxes", scopeSlug(alice));
  mkdirSync(join(scopeDir, "records"), { recursive: true });
  const labels = {
    [containerLabels.role]: "sandbox",
    [containerLabels.owner]: ownerId(state),
    [containerLabels.scope]: alice.kind,
    [containerLabels.scopeKey]: alice.key,
    [containerLabels.agent]: "main",
    [containerLabels.planHash]: "0".repeat(64),
    [containerLabels.image]: "box:1",
    [containerLabels.imageId]: "sha256:1",
    [containerLabels.pruneIdleHours]: "24",
    [containerLabels.pruneMaxAgeDays]: "7",
    [containerLabels.scopeDir]: scopeDir,
  };
  const Created = Math.floor(Date.now() / 1000) - 40 * 60 * 60;
  const entry = { Id: id, Names: ["/box"], State: "running", Labels: labels, ImageID: "sha256:1", Created };
  const gone = (response: { writeHead: (status: number) => { end: () => void } }) =>
    response.writeHead(204).end();
  const fake = await startFakeEngine({
    "GET /containers/json": sendJson([{ ...entry, SizeRw: 1234 }]),
    "GET /images/json": sendJson([]),
    "GET /networks": sendJson([]),
    [`DELETE /containers/${id}`]: gone,
    [`POST /containers/${id}/stop`]: gone,
    "GET /images/box:1/json": sendJson({ Id: "sha256:2", Size: 1, Config: {}, RootFS: {} }),
    ...answers,
  });
  const sandbox = (...argv: readonly string[]) =>
    callCli(["sandbox", ...argv], {
      env: { OPENCLAW_STATE_DIR: state, DOCKER_HOST: `unix://${fake.socketPath}` },
      cwd: state,
      homeDir: state,
    });
  const json = async (...argv: readonly string[]) => {
    const { exitCode, stdout } = await sandbox(...argv, "--json");
    return { exitCode, ...JSON.parse(stdout) };
  };
  const removed = () => fake.requests.filter((request) => request.startsWith("DELETE"));
  return { sandbox, json, removed, scopeDir, requests: fake.requests };
}

describe("sandbox", () => {
  test("list: a row for each, keys escaped; one question to the engine", async () => {
    const { sandbox, json, requests } = await gateway();
    const { exitCode, stdout } = await sandbox("list");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("agent:main:telegram:dm:alice\\u001b[31m");
    expect(stdout).not.toContain("\u001b[31m");
    expect(requests.filter((request) => !request.includes("version"))).toHaveLength(1);
    expect(await json("list")).toMatchObject({
      exitCode: 0,
      format: "skillcrate/sandbox-list@1",
      outcome: "ok",
      result: { sandboxes: [{ id, name: "box", scope: alice, agent: "main", inUse: false }] },
    });
  });

  test("stop: by the session's key; nobody's is a wrong name", async () => {
    const { json, requests } = await gateway();
    expect(await json("stop", alice.key)).toMatchObject({ exitCode: 0, result: { stopped: [{ id }] } });
    expect(requests).toContain(`POST /containers/${id}/stop?t=10`);
    expect(await json("stop", "nobody")).toMatchObject({
      exitCode: 2,
      diagnostics: [{ code: "SANDBOX_NOT_FOUND" }],
    });
  });

  test("logs: of the setup command and of the container, escaped", async () => {
    const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 6]);
    const { sandbox, json, scopeDir } = await gateway({
      [`GET /containers/${id}/logs`]: sendChunks(Buffer.concat([head, Buffer.from("\u001b[2Ja\n")])),
    });
    writeFileSync(join(scopeDir, "records", "setup.log"), "prepared\n");
    const { stdout } = await sandbox("logs", "box");
    expect(stdout).toBe("box: setup command\nprepared\nbox: printed\n\\u001b[2Ja\n");
    expect(await json("logs", "box", "--lines", "5")).toMatchObject({
      result: { logs: [{ name: "box", setup: "prepared\n", stdout: "\u001b[2Ja\n" }] },
    });
    expect(await json("logs", "box", "--lines", "0")).toMatchObject({ exitCode: 2 });
  });

  test("recreate: wants to be told which", async () => {
    const { json, removed } = await gateway();
    for (const options of [[], ["--all", "--agent", "main"]]) {
      expect(await json("recreate", ...options)).toMatchObject({
        exitCode: 2,
        diagnostics: [{ code: "USAGE" }],
      });
    }
    expect(await json("recreate", "--agent", "other")).toMatchObject({ result: { removed: [] } });
    expect(removed()).toEqual([]);
    expect(await json("recreate", "--mismatched")).toMatchObject({
      exitCode: 0,
      result: { removed: [{ id, mismatch: "image" }], kept: [] },
    });
    expect(removed()).toHaveLength(1);
  });

  test("prune: by its own hours, a dry run first", async () => {
    const { sandbox, json, removed } = await gateway();
    expect((await sandbox("prune", "--dry-run")).stdout).toContain("would be removed: idle");
    expect(removed()).toEqual([]);
    expect(await json("prune")).toMatchObject({ result: { removed: [{ id, why: "idle" }] } });
    expect(removed()).toHaveLength(1);
  });

  test("gc and du: what is left over, and what is there", async () => {
    const { sandbox, json, scopeDir } = await gateway();
    mkdirSync(join(scopeDir, "workspace"));
    writeFileSync(join(scopeDir, "workspace", "file"), Buffer.alloc(5000, 1));
    expect((await sandbox("gc")).stdout.trim()).toBe(
      "no containers, no workspaces, no homes, no profiles, no generations, no images removed",
    );
    expect(await json("du")).toMatchObject({
      result: { sandboxes: [{ scope: alice, containerBytes: 1234, homeBytes: 0 }] },
    });
    expect((await sandbox("du")).stdout).toContain("1.2 kB");
  });

  test("an engine that cannot be reached is no empty list", async () => {
    const { json } = await gateway({ "GET /containers/json": sendJson({ message: "no" }, 500) });
    expect(await json("list")).toMatchObject({ exitCode: 1, diagnostics: [{ code: "ENGINE_REFUSED" }] });
    const { exitCode } = await callCli(["sandbox", "list"], {
      env: { DOCKER_HOST: "unix:///nonexistent.sock" },
      homeDir: tempFolder(),
    });
    expect(exitCode).toBe(69);
  });
});
